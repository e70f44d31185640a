"""Three loops that were compared in the internship report."""

import numpy as np
import pennylane as qml
from pennylane import numpy as pnp

dev = qml.device("default.qubit", wires=2)


@qml.qnode(dev)
def cost(w):
    qml.StronglyEntanglingLayers(w, wires=range(2))
    return qml.expval(qml.PauliZ(0))


def start():
    return pnp.array(np.random.default_rng(0).normal(size=(1, 2, 3)), requires_grad=True)


def adam(steps=50):
    w, opt = start(), qml.AdamOptimizer(0.1)
    for _ in range(steps):
        w = opt.step(cost, w)
    return w


def nesterov(steps=50):
    w, opt = start(), qml.NesterovMomentumOptimizer(0.1)
    step = 0
    while step < steps:
        w, value = opt.step_and_cost(cost, w)
        step += 1
    return w, value


def watched(steps=50):
    w, opt = start(), qml.AdamOptimizer(0.1)
    for step in range(steps):
        w, value = opt.step_and_cost(cost, w)
        assert np.isfinite(value), step
    return w
