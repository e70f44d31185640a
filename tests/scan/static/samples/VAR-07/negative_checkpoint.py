"""Renamed into place, numbered, or written once."""

import os

import numpy
import pennylane as qml
import torch
from pennylane import numpy as np


def renamed(cost):
    opt = qml.AdamOptimizer(0.1)
    weights = np.zeros(4, requires_grad=True)
    for _ in range(100):
        weights, loss = opt.step_and_cost(cost, weights)
        numpy.save("weights.tmp.npy", weights)  # ok
        os.replace("weights.tmp.npy", "weights.npy")


def numbered(cost):
    opt = qml.AdamOptimizer(0.1)
    weights = np.zeros(4, requires_grad=True)
    for step in range(100):
        weights = opt.step(cost, weights)
        numpy.save(f"weights_{step}.npy", weights)  # ok


def once(cost):
    opt = qml.AdamOptimizer(0.1)
    weights = np.zeros(4, requires_grad=True)
    for _ in range(100):
        weights = opt.step(cost, weights)
    numpy.save("weights.npy", weights)  # ok


def each_file(model, paths):
    for path in paths:
        torch.save(model.state_dict(), path)  # ok
