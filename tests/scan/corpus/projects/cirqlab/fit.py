"""Fits the ansatz by gradient descent on the exact simulator."""

import cirq
import numpy as np

Q = cirq.LineQubit.range(2)
SIMULATOR = cirq.Simulator()
ZZ = cirq.Z(Q[0]) * cirq.Z(Q[1])


def energy(theta) -> float:
    circuit = cirq.Circuit(cirq.ry(theta[0]).on(Q[0]), cirq.ry(theta[1]).on(Q[1]), cirq.CNOT(*Q))
    return float(SIMULATOR.simulate_expectation_values(circuit, [ZZ])[0].real)


def gradient(theta):
    shift = np.pi / 2 * np.eye(len(theta))
    return np.array([(energy(theta + s) - energy(theta - s)) / 2 for s in shift])


def fit(steps: int = 100, rate: float = 0.1, seed: int = 1):
    theta = np.random.default_rng(seed).uniform(-1, 1, 2)
    for _ in range(steps):
        theta = theta - rate * gradient(theta)
    return theta


def fit_guarded(steps: int = 100, rate: float = 0.1, seed: int = 1):
    theta = np.random.default_rng(seed).uniform(-1, 1, 2)
    for _ in range(steps):
        g = gradient(theta)
        if not np.isfinite(g).all():
            break
        theta = theta - rate * g
    return theta


if __name__ == "__main__":
    print("energy", energy(fit()), energy(fit_guarded()))
