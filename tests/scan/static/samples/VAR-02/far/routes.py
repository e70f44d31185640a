"""Handlers beside the trainer of another file."""

import numpy as np
from engine import ENGINE
from flask import Flask, request

app = Flask(__name__)


@app.put("/theta")
def overwrite():
    ENGINE.theta = np.asarray(request.json["theta"])  # finds: VAR-02
    return "ok"


@app.get("/theta")
def read():
    return {"theta": ENGINE.theta.tolist()}  # ok


@app.post("/reset")
def reset():
    ENGINE.losses = []  # ok
    return "ok"
