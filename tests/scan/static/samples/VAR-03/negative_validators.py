"""Validators of schemas and of dataclasses."""

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
    return str(qml.AdamOptimizer(stepsize=body.rate))  # ok
