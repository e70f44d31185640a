"""The trainer, whose weights another file may write."""

import pennylane as qml
from pennylane import numpy as np


class Engine:
    def __init__(self):
        self.theta = np.zeros(4, requires_grad=True)
        self.losses = []

    def run(self, cost):
        optimizer = qml.AdamOptimizer(0.1)
        for _ in range(100):
            self.theta, loss = optimizer.step_and_cost(cost, self.theta)
            self.losses.append(loss)


ENGINE = Engine()
