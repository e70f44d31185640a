"""Parameter sweep of a two-qubit ansatz."""

import cirq
import numpy as np
import sympy

a, b = cirq.LineQubit.range(2)
theta = sympy.Symbol("theta")


def ansatz() -> cirq.Circuit:
    return cirq.Circuit(cirq.ry(theta).on(a), cirq.CNOT(a, b), cirq.measure(a, b, key="m"))


def sweep(points: int = 21, repetitions: int = 2000) -> list[float]:
    simulator = cirq.Simulator(seed=4)
    results = simulator.run_sweep(ansatz(), cirq.Linspace("theta", 0, np.pi, points), repetitions=repetitions)
    return [float(np.mean(r.measurements["m"][:, 1])) for r in results]


def symbolic() -> sympy.Expr:
    return sympy.sympify("cos(theta)**2")


if __name__ == "__main__":
    print(sweep())
