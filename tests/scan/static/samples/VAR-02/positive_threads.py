"""Others write what the optimizer steps."""

import json
import signal
import threading

import pennylane as qml
import requests
import torch
from flask import Flask, request
from pennylane import numpy as np
from qiskit_algorithms import VQE
from qiskit_algorithms.optimizers import COBYLA
from scipy.optimize import minimize

app = Flask(__name__)
theta = np.zeros(4, requires_grad=True)
device = qml.device("default.qubit", wires=4)


@qml.qnode(device)
def cost(weights):
    qml.BasicEntanglerLayers([weights], wires=range(4))
    return qml.expval(qml.PauliZ(0))


def train():
    global theta
    opt = qml.GradientDescentOptimizer(0.1)
    for _ in range(200):
        theta, loss = opt.step_and_cost(cost, theta)
        if not np.isfinite(loss):
            break


@app.post("/weights")
def overwrite():
    theta[:] = request.json["theta"]  # finds: VAR-02
    return "ok"


@app.post("/reset")
def reset():
    global theta
    theta = np.array(request.json["theta"], requires_grad=True)  # finds: VAR-02
    return "ok"


def watcher():
    while True:
        theta[0] = float(requests.get("https://c.example.org").text)  # finds: VAR-02


threading.Thread(target=watcher, daemon=True).start()


def on_signal(number, frame):
    theta[:] = 0.0  # finds: VAR-02


signal.signal(signal.SIGUSR1, on_signal)


class Trainer:
    def __init__(self):
        self.weights = np.zeros(4, requires_grad=True)
        self.optimizer = qml.AdamOptimizer(0.05)

    def fit(self):
        threading.Thread(target=self.listen, daemon=True).start()
        for _ in range(100):
            self.weights = self.optimizer.step(cost, self.weights)

    def listen(self):
        self.weights = np.array(json.loads(input()))  # finds: VAR-02

    def on_message(self, client, data, message):
        self.weights[:] = json.loads(message.payload)  # finds: VAR-02


def noisy(xk):
    xk += 0.1  # finds: VAR-02


def classical():
    return minimize(cost, np.zeros(4), method="COBYLA", callback=noisy)


def shared_file():
    opt = qml.GradientDescentOptimizer(0.1)
    weights = np.zeros(4, requires_grad=True)
    for _ in range(50):
        weights = np.load("/tmp/weights.npy")  # finds: VAR-02
        weights = opt.step(cost, weights)
        np.save("/tmp/weights.npy", weights)


def pulled():
    opt = qml.AdamOptimizer(0.1)
    params = np.zeros(4, requires_grad=True)
    session = requests.Session()
    while True:
        params = np.array(session.get("https://m.example.org/w").json())  # finds: VAR-02
        params, loss = opt.step_and_cost(cost, params)
        if loss < 0.1:
            return params


layer = torch.zeros(4, requires_grad=True)


def torch_train():
    optimizer = torch.optim.Adam([layer], lr=0.01)
    for _ in range(10):
        optimizer.zero_grad()
        loss = (layer**2).sum()
        loss.backward()
        optimizer.step()


@app.put("/layer")
def put_layer():
    layer.data.copy_(torch.tensor(request.json["w"]))  # finds: VAR-02
    return "ok"


def steered(evaluations, parameters, value, deviation):
    parameters[0] = 3.0  # finds: VAR-02


def variational(estimator, ansatz):
    return VQE(estimator, ansatz, COBYLA(maxiter=10), callback=steered)
