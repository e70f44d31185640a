"""Prepares a state from a measurement file."""

import argparse

import numpy as np
from qiskit import QuantumCircuit


def prepare(vector) -> QuantumCircuit:
    qc = QuantumCircuit(3)
    qc.initialize(vector, range(3))
    return qc


def prepare_normalized(vector) -> QuantumCircuit:
    vector = np.asarray(vector, dtype=float)
    norm = np.linalg.norm(vector)
    if vector.size != 8 or not np.isfinite(norm) or norm == 0:
        raise ValueError("eight finite values, not all zero, are expected")
    qc = QuantumCircuit(3)
    qc.initialize(vector / norm, range(3))
    return qc


def bell() -> QuantumCircuit:
    qc = QuantumCircuit(1)
    qc.initialize([0.6, 0.8], 0)
    return qc


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    args = parser.parse_args()
    print(prepare(np.loadtxt(args.file)).depth())
