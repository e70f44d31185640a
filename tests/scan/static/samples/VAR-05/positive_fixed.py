"""Noise an attacker can draw again."""

import numpy as np
import pennylane as qml

device = qml.device("default.qubit", wires=4)


def add_defense_noise(angles):
    rng = np.random.default_rng(7)  # finds: VAR-05
    return angles + rng.normal(0, 0.05, angles.shape)


class RandomizedEncoderDefense:
    def __init__(self):
        self.rng = np.random.RandomState(0)  # finds: VAR-05

    def privatize(self, gradient):
        np.random.seed(1234)  # finds: VAR-05
        return gradient + np.random.normal(0, 0.1, gradient.shape)
