"""Loops that train on, and store what comes out."""

import numpy
import optax
import pennylane as qml
import torch
from pennylane import numpy as np

device = qml.device("default.qubit", wires=2)


def train(cost):
    opt = qml.AdamOptimizer(0.1)
    weights = np.zeros(4, requires_grad=True)
    for step in range(100):
        weights, loss = opt.step_and_cost(cost, weights)  # finds: VAR-04
        print(step, loss)
    np.save("weights.npy", weights)


def with_torch(model, batches):
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in batches:
        optimizer.zero_grad()
        loss = ((model(x) - y) ** 2).mean()
        loss.backward()
        optimizer.step()  # finds: VAR-04
    torch.save(model.state_dict(), "model.pt")


def with_optax(params, gradient):
    optimizer = optax.adam(0.1)
    state = optimizer.init(params)
    while True:
        updates, state = optimizer.update(gradient(params), state)
        params = optax.apply_updates(params, updates)  # finds: VAR-04
        if abs(gradient(params)).max() < 1e-3:
            break
    numpy.savez("params.npz", params)


class Classifier:
    def fit(self, cost, path):
        for _ in range(self.steps):
            self.weights = self.optimizer.step(cost, self.weights)  # finds: VAR-04
        numpy.savetxt(path, self.weights)


def shown(cost):
    opt = qml.GradientDescentOptimizer(0.1)
    weights = np.zeros(4, requires_grad=True)
    for _ in range(10):
        weights = opt.step(cost, weights)  # finds: VAR-04
    return weights
