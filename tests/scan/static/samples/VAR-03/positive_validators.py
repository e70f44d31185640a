"""The validator checks another field; entries of the body are the rate."""

import numpy as np
import pennylane as qml
from fastapi import FastAPI
from pydantic import BaseModel, field_validator

app = FastAPI()


class Run(BaseModel):
    rate: float
    momentum: float

    @field_validator("rate")
    @classmethod
    def small(cls, value):
        if not 0 < value < 1:
            raise ValueError(value)
        return value


@app.post("/run")
def run(body: Run):
    return str(qml.MomentumOptimizer(0.1, momentum=body.momentum))  # finds: VAR-03 medium


@app.post("/descend")
def descend(cost, body: dict):
    weights = np.zeros(3)
    for _ in range(10):
        weights -= body["lr"] * qml.grad(cost)(weights)  # finds: VAR-03 medium
    return weights.tolist()
