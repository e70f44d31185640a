"""Objects that training calls to keep its weights."""

import json
import os

import numpy as np
import pennylane as qml


class Checkpointer:
    def __init__(self, folder):
        self.folder = folder

    def __call__(self, step, weights):
        np.save(self.folder / "weights.npy", weights)  # finds: VAR-07

    def summary(self, epoch, weights):
        with open(os.path.join(self.folder, "weights.json"), "w") as file:
            json.dump(weights.tolist(), file)  # finds: VAR-07


def nested(cost, weights, batches):
    opt = qml.AdamOptimizer(0.1)
    for _ in range(10):
        for batch in batches:
            weights = opt.step(lambda w, b=batch: cost(w, b), weights)
        np.save("latest.npy", weights)  # finds: VAR-07
