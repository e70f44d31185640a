"""One owner writes; everybody else reads or runs at another time."""

import json
import threading

import numpy
import pennylane as qml
from flask import Flask, request
from pennylane import numpy as np
from scipy.optimize import minimize

app = Flask(__name__)
theta = np.zeros(4, requires_grad=True)
history = []
progress = {"loss": None}
device = qml.device("default.qubit", wires=4)


@qml.qnode(device)
def cost(weights):
    qml.BasicEntanglerLayers([weights], wires=range(4))
    return qml.expval(qml.PauliZ(0))


def train():
    global theta
    opt = qml.GradientDescentOptimizer(0.1)
    for _ in range(200):
        theta = opt.step(cost, theta)
        progress["loss"] = float(cost(theta))


threading.Thread(target=train).start()  # ok


@app.get("/weights")
def weights():
    return {"theta": theta.tolist()}  # ok


@app.post("/note")
def note():
    progress["note"] = request.json["note"]  # ok
    return "ok"


def record(xk):
    history.append(xk.copy())  # ok


def stop(intermediate_result):
    progress["best"] = intermediate_result.fun  # ok
    if intermediate_result.fun < 1e-3:
        raise StopIteration


def classical():
    start = numpy.zeros(4)
    first = minimize(cost, start, method="COBYLA", callback=record)
    return minimize(cost, first.x, method="COBYLA", callback=stop)


def logged(xk):
    xk = numpy.asarray(xk).copy()
    xk[0] = 0.0  # ok
    history.append(xk)


def again():
    return minimize(cost, numpy.zeros(4), callback=logged)


class Trainer:
    def __init__(self):
        self.weights = np.zeros(4, requires_grad=True)
        self.optimizer = qml.AdamOptimizer(0.05)

    def fit(self):
        for _ in range(100):
            self.weights = self.optimizer.step(cost, self.weights)

    def reset(self):
        self.weights = np.zeros(4, requires_grad=True)  # ok

    def load(self, path):
        self.weights = np.load(path)  # ok


def resumed(path):
    opt = qml.AdamOptimizer(0.1)
    params = np.load(path)  # ok
    for _ in range(50):
        params = opt.step(cost, params)
    return params


def recovered():
    opt = qml.AdamOptimizer(0.1)
    params = np.zeros(4, requires_grad=True)
    for _ in range(50):
        params, loss = opt.step_and_cost(cost, params)
        if not np.isfinite(loss):
            params = np.load("last_good.npy")  # ok
    return params


def batches(files):
    opt = qml.AdamOptimizer(0.1)
    params = np.zeros(4, requires_grad=True)
    for name in files:
        batch = np.load(name)  # ok
        params = opt.step(lambda w: cost(w) * batch.mean(), params)
    return params


@app.post("/predict")
def predict():
    theta = np.array(json.loads(request.data)["x"])
    theta[0] = 0.0  # ok
    return {"score": float(cost(theta))}
