"""Checkpoints written over themselves."""

import json

import numpy
import pennylane as qml
import torch
from flask import Flask
from pennylane import numpy as np

app = Flask(__name__)
PATH = "weights.npy"


def train(cost):
    opt = qml.AdamOptimizer(0.1)
    weights = np.zeros(4, requires_grad=True)
    for _ in range(100):
        weights, loss = opt.step_and_cost(cost, weights)
        numpy.save(PATH, weights)  # finds: VAR-07


def with_torch(model, batches):
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in batches:
        loss = ((model(x) - y) ** 2).mean()
        loss.backward()
        optimizer.step()
        torch.save(model.state_dict(), "checkpoint.pt")  # finds: VAR-07


def as_json(cost):
    opt = qml.GradientDescentOptimizer(0.1)
    weights = np.zeros(4, requires_grad=True)
    for step in range(100):
        weights = opt.step(cost, weights)
        if step % 10 == 0:
            with open("state.json", "w") as file:
                json.dump(weights.tolist(), file)  # finds: VAR-07


def publish(weights):
    numpy.save("served.npy", weights)  # finds: VAR-07


@app.get("/weights")
def weights():
    return numpy.load("served.npy").tolist()
