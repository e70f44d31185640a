"""The data is tested, the loss is not."""

import numpy as np
import pennylane as qml


def rows(path):
    table = np.loadtxt(path)
    if not np.isfinite(table).all():
        raise ValueError(path)
    return table


class Command:
    def clean(self, table):
        return table[np.isfinite(table).all(axis=1)]

    def handle(self, cost, path):
        data = self.clean(rows(path))
        optimizer = qml.AdamOptimizer(0.1)
        w = np.zeros(4)
        for _ in range(10):
            w = optimizer.step(lambda v: cost(v, data), w)  # finds: VAR-04 medium
        np.save("w.npy", w)
        return w
