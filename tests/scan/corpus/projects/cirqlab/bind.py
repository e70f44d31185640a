"""Binds parameters that come as JSON."""

import json
import sys

import cirq
import numpy as np
import sympy

NAMES = ("alpha", "beta")
SYMBOLS = {name: sympy.Symbol(name) for name in NAMES}
Q = cirq.LineQubit.range(2)


def template() -> cirq.Circuit:
    return cirq.Circuit(
        cirq.rx(SYMBOLS["alpha"]).on(Q[0]), cirq.rz(SYMBOLS["beta"]).on(Q[1]), cirq.CZ(*Q)
    )


def bind(values: dict) -> cirq.Circuit:
    return cirq.resolve_parameters(template(), values)


def bind_checked(values: dict) -> cirq.Circuit:
    if set(values) != set(NAMES):
        raise ValueError("exactly alpha and beta are expected")
    angles = {name: float(values[name]) for name in NAMES}
    if not all(np.isfinite(v) and abs(v) <= np.pi for v in angles.values()):
        raise ValueError("angles must lie in [-pi, pi]")
    return cirq.resolve_parameters(template(), angles)


if __name__ == "__main__":
    print(bind(json.load(sys.stdin)))
    print(bind_checked({"alpha": 0.1, "beta": 0.2}))
