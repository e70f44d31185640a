"""Bounded by the schema or by a comparison; settings of the repository."""

import json

import pennylane as qml
from fastapi import BackgroundTasks, FastAPI
from pydantic import BaseModel, Field

app = FastAPI()


class StartRequest(BaseModel):
    rate: float = Field(0.1, gt=0, le=0.5)


def run(rate):
    return qml.AdamOptimizer(stepsize=rate)  # ok


@app.post("/start")
def start(body: StartRequest, tasks: BackgroundTasks):
    tasks.add_task(run, body.rate)
    return {"started": True}


def configured():
    with open("config.json") as file:
        settings = json.load(file)
    return qml.AdamOptimizer(settings["stepsize"])  # ok
