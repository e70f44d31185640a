"""Loops that look, and loops that are no training."""

import numpy
import pennylane as qml
import torch
from pennylane import numpy as np

device = qml.device("default.qubit", wires=2)


def train(cost):
    opt = qml.AdamOptimizer(0.1)
    weights = np.zeros(4, requires_grad=True)
    for _ in range(100):
        weights, loss = opt.step_and_cost(cost, weights)  # ok
        if not np.isfinite(loss):
            raise FloatingPointError("the loss is not finite")
    np.save("weights.npy", weights)


def with_helper(model, batches):
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in batches:
        loss = check(((model(x) - y) ** 2).mean())
        loss.backward()
        optimizer.step()  # ok
    torch.save(model.state_dict(), "model.pt")


def check(loss):
    if torch.isnan(loss):
        raise FloatingPointError("the loss is NaN")
    return loss


def stopping(cost, stopper):
    opt = qml.AdamOptimizer(0.1)
    weights = np.zeros(4, requires_grad=True)
    early_stopping = stopper(patience=5)
    for _ in range(100):
        weights, loss = opt.step_and_cost(cost, weights)  # ok
        if early_stopping(loss):
            break
    np.save("weights.npy", weights)


def schedule(scheduler, environment):
    for _ in range(10):
        scheduler.step()  # ok
        environment.step()  # ok
    numpy.save("steps.npy", numpy.arange(10))


def refused(cost, limit):
    opt = qml.AdamOptimizer(0.1)
    weights = np.zeros(4, requires_grad=True)
    for _ in range(100):
        weights, loss = opt.step_and_cost(cost, weights)  # ok
        if not loss < limit:
            raise RuntimeError("diverged")
    np.save("weights.npy", weights)
