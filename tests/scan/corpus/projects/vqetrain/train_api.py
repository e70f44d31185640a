"""Training as a service."""

import numpy as np
import pennylane as qml
from flask import Flask, request
from qiskit_algorithms.optimizers import ADAM

from ansatz import N, energy

app = Flask(__name__)
MAX_STEPS = 300


@app.post("/train/adam")
def adam():
    body = request.get_json()
    optimizer = ADAM(maxiter=body["steps"], lr=body["lr"])
    result = optimizer.minimize(energy, np.zeros(2 * N))
    return {"energy": float(result.fun)}


@app.post("/train/start")
def started():
    start = np.array(request.json["init"], dtype=float)
    result = ADAM(maxiter=100).minimize(energy, x0=start)
    return {"energy": float(result.fun)}


@app.post("/train/gd")
def gd():
    stepsize = float(request.json["stepsize"])
    optimizer = qml.GradientDescentOptimizer(stepsize=stepsize)
    return {"optimizer": type(optimizer).__name__}


@app.post("/train/bounded")
def bounded():
    body = request.get_json()
    steps = min(max(int(body["steps"]), 1), MAX_STEPS)
    rate = float(np.clip(float(body["lr"]), 1e-4, 0.5))
    optimizer = ADAM(maxiter=steps, lr=rate)
    return {"energy": float(optimizer.minimize(energy, np.zeros(2 * N)).fun)}
