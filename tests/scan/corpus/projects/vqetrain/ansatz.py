"""Ansatz and Hamiltonian shared by the scripts."""

import numpy as np
from qiskit.circuit import ParameterVector, QuantumCircuit
from qiskit.quantum_info import SparsePauliOp, Statevector

N = 3
THETA = ParameterVector("t", 2 * N)
HAMILTONIAN = SparsePauliOp.from_list([("ZZI", 1.0), ("IZZ", 1.0), ("XII", 0.5), ("IXI", 0.5), ("IIX", 0.5)])


def circuit() -> QuantumCircuit:
    qc = QuantumCircuit(N)
    for i in range(N):
        qc.ry(THETA[i], i)
    for i in range(N - 1):
        qc.cx(i, i + 1)
    for i in range(N):
        qc.ry(THETA[N + i], i)
    return qc


def energy(values: np.ndarray) -> float:
    bound = circuit().assign_parameters(dict(zip(THETA, values, strict=True)))
    return float(Statevector(bound).expectation_value(HAMILTONIAN).real)
