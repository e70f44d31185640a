"""Training with a control page."""

import threading

import numpy as np
import pennylane as qml
from flask import Flask, request

app = Flask(__name__)
dev = qml.device("default.qubit", wires=2)
STATE = {"theta": np.array([0.1, 0.2]), "running": False}
LOCK = threading.Lock()


@qml.qnode(dev)
def cost(theta):
    qml.RY(theta[0], wires=0)
    qml.RY(theta[1], wires=1)
    qml.CNOT(wires=[0, 1])
    return qml.expval(qml.PauliZ(1))


def worker(steps):
    optimizer = qml.GradientDescentOptimizer(0.1)
    for _ in range(steps):
        STATE["theta"], value = optimizer.step_and_cost(cost, STATE["theta"])
        if np.isnan(value):
            break


@app.post("/start")
def start():
    threading.Thread(target=worker, args=(200,), daemon=True).start()
    return {"started": True}


@app.post("/theta")
def overwrite():
    STATE["theta"] = np.array(request.json["theta"], dtype=float)
    return {"ok": True}


@app.get("/theta")
def read():
    with LOCK:
        return {"theta": STATE["theta"].tolist()}
