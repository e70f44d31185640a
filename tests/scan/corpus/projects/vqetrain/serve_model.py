"""Inference with whatever parameters lie in the model folder."""

import json
import os

import numpy as np
import pennylane as qml
from fastapi import FastAPI
from pydantic import BaseModel, Field

app = FastAPI()
FOLDER = os.environ.get("MODEL_DIR", "/srv/model")
dev = qml.device("default.qubit", wires=2)


class Point(BaseModel):
    x: float = Field(ge=0, le=3.1416, allow_inf_nan=False)
    y: float = Field(ge=0, le=3.1416, allow_inf_nan=False)


@qml.qnode(dev)
def circuit(a, b, w):
    qml.RY(a, wires=0)
    qml.RY(b, wires=1)
    qml.StronglyEntanglingLayers(w, wires=range(2))
    return qml.expval(qml.PauliZ(0))


@app.post("/predict")
def predict(point: Point):
    weights = np.load(os.path.join(FOLDER, "weights.npy"))
    return {"z": float(circuit(point.x, point.y, weights))}


@app.post("/predict/json")
def predict_json(point: Point):
    with open(os.path.join(FOLDER, "weights.json")) as handle:
        weights = np.array(json.load(handle))
    return {"z": float(circuit(point.x, point.y, weights))}
