"""Scores a stream of JSON lines with Cirq."""

import json
import sys

import cirq
import numpy as np

QUBITS = cirq.LineQubit.range(3)
SIMULATOR = cirq.Simulator(seed=1)


def encode(values) -> cirq.Circuit:
    circuit = cirq.Circuit()
    for q, v in zip(QUBITS, values):
        circuit.append(cirq.rx(v).on(q))
    circuit.append(cirq.CZ(a, b) for a, b in zip(QUBITS, QUBITS[1:]))
    return circuit


def encode_checked(values) -> cirq.Circuit:
    x = np.asarray(values, dtype=float)
    if len(x) != len(QUBITS) or not np.isfinite(x).all():
        raise ValueError("three finite values are expected")
    x = np.arctan(x)
    return cirq.Circuit(cirq.ry(v).on(q) for q, v in zip(QUBITS, x))


def main() -> None:
    for line in sys.stdin:
        record = json.loads(line)
        circuit = encode(record["values"])
        state = SIMULATOR.simulate(circuit).final_state_vector
        print(float(abs(state[0]) ** 2))


if __name__ == "__main__":
    main()
