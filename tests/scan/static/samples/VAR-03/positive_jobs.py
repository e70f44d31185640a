"""Settings that a job, a background task or a class chosen at run time brings."""

import json
import os

import pennylane as qml
import torch
from fastapi import BackgroundTasks, FastAPI
from pydantic import BaseModel

app = FastAPI()


class StartRequest(BaseModel):
    rate: float = 0.1
    steps: int = 10


class Runner:
    def run(self, rate, steps):
        optimizer = qml.AdamOptimizer(stepsize=rate)  # finds: VAR-03
        return optimizer, steps


runner = Runner()


@app.post("/start")
def start(body: StartRequest, tasks: BackgroundTasks):
    tasks.add_task(runner.run, body.rate, body.steps)
    return {"started": True}


def hyperparameters():
    with open(os.environ["AMZN_BRAKET_HP_FILE"]) as file:
        return json.load(file)


def job():
    settings = hyperparameters()
    optimizer_class = getattr(qml, settings["optimizer"])
    return optimizer_class(float(settings["stepsize"]))  # finds: VAR-03 low


def network(model):
    settings = hyperparameters()
    return torch.optim.Adam(model.parameters(), lr=settings["lr"])  # finds: VAR-03 low
