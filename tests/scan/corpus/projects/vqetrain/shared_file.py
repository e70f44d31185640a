"""Lets a colleague steer the run through a file on the shared drive."""

import numpy as np
import pennylane as qml

SHARED = "/mnt/group/theta.npy"
dev = qml.device("default.qubit", wires=3)


@qml.qnode(dev)
def cost(w):
    qml.StronglyEntanglingLayers(w, wires=range(3))
    return qml.expval(qml.PauliZ(0))


def train(w, steps=500):
    optimizer = qml.AdamOptimizer(0.05)
    for step in range(steps):
        w, value = optimizer.step_and_cost(cost, w)
        if not np.isfinite(value):
            raise FloatingPointError(step)
        np.save(SHARED, w)
        if step % 10 == 0:
            w = np.load(SHARED)
    return w


if __name__ == "__main__":
    train(np.zeros((2, 3, 3)))
