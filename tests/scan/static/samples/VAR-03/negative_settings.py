"""Every setting is bounded."""

from typing import Annotated

import pennylane as qml
from fastapi import FastAPI, Query
from flask import Flask, abort, request
from pydantic import BaseModel, Field
from qiskit_algorithms.optimizers import SPSA

app = Flask(__name__)
api = FastAPI()


class Job(BaseModel):
    rate: Annotated[float, Field(gt=0, le=0.5)]


@app.post("/train")
def train():
    rate = min(max(float(request.json["lr"]), 1e-4), 0.5)
    return str(qml.AdamOptimizer(stepsize=rate))  # ok


@app.post("/spsa")
def spsa():
    steps = int(request.args["steps"])
    if not 1 <= steps <= 500:
        abort(400)
    return str(SPSA(maxiter=steps))  # ok


@api.post("/field")
def with_field(job: Job):
    return str(qml.GradientDescentOptimizer(job.rate))  # ok


@api.post("/query")
def with_query(rate: float = Query(gt=0, le=1)):
    return str(qml.AdagradOptimizer(rate))  # ok
