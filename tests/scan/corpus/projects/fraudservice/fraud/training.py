"""Continuous training in a background thread."""

import threading

import pennylane as qml
from pennylane import numpy as pnp

from .model import N_LAYERS, N_WIRES, circuit
from .storage import save_weights


class Trainer:
    def __init__(self, seed: int = 7) -> None:
        rng = pnp.random.default_rng(seed)
        self.theta = pnp.array(rng.normal(0, 0.1, (N_LAYERS, N_WIRES, 3)), requires_grad=True)
        self.optimizer = qml.AdamOptimizer(stepsize=0.02)
        self.thread = None

    def cost(self, theta, X, Y):
        predictions = pnp.stack([circuit(x, theta) for x in X])
        return pnp.mean((predictions - Y) ** 2)

    def run(self, X, Y, steps=200):
        for _ in range(steps):
            self.theta = self.optimizer.step(lambda t: self.cost(t, X, Y), self.theta)
        save_weights(self.theta)

    def start(self, X, Y):
        self.thread = threading.Thread(target=self.run, args=(X, Y), daemon=True)
        self.thread.start()


TRAINER = Trainer()
