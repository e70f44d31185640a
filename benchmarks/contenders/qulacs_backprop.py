"""Qulacs: C++ state vectors, one sample at a time, gradients by its backpropagation."""

from __future__ import annotations

from typing import Any

import numpy as np
from qulacs import Observable, ParametricQuantumCircuit, QuantumState
from scipy.special import log_softmax

from benchmarks.contenders import NotRunError, Prepared
from benchmarks.workload import LAYERS, Workload


def gradient_step(work: Workload) -> Prepared:
    """Return the training step: per sample a forward pass, then the gradient of the loss's slope.

    Qulacs differentiates one observable; the chain rule through head and loss makes it
    sum_q (dloss/dz_q) Z_q for each sample.
    """
    if work.dtype == "complex64":
        raise NotRunError("computes in complex128 only")
    circuit = _circuit(work)
    flat = work.weights.ravel()
    signs = 1 - 2 * ((np.arange(2**work.n)[None, :] >> np.arange(work.n)[:, None]) & 1)
    inputs, head, bias = work.inputs, work.head, work.bias
    rows = np.arange(work.batch)

    def place(x: np.ndarray) -> None:
        # Qulacs rotates by exp(+i angle/2 P).
        for index, angle in enumerate((*x, *flat)):
            circuit.set_parameter(index, -float(angle))

    def run() -> dict[str, Any]:
        values = np.empty((work.batch, work.n))
        for row in rows:
            place(inputs[row])
            state = QuantumState(work.n)
            circuit.update_quantum_state(state)
            values[row] = signs @ np.abs(state.get_vector()) ** 2
        logs = log_softmax(values @ head.T + bias, axis=1)
        slopes = np.exp(logs)
        slopes[rows, work.labels] -= 1
        slopes /= work.batch
        by_value = slopes @ head
        gradient = np.empty((work.batch, work.n + flat.size))
        for row in rows:
            place(inputs[row])
            observable = Observable(work.n)
            for q in range(work.n):
                observable.add_operator(float(by_value[row, q]), f"Z {q}")
            gradient[row] = circuit.backprop(observable)
        return {
            "loss": -logs[rows, work.labels].mean(),
            "weights": -gradient[:, work.n :].sum(0).reshape(work.weights.shape),
            "inputs": -gradient[:, : work.n],
            "head": slopes.T @ values,
            "bias": slopes.sum(0),
        }

    return Prepared(run, lambda result: {k: np.asarray(v) for k, v in result.items()})


def _circuit(work: Workload) -> ParametricQuantumCircuit:
    circuit = ParametricQuantumCircuit(work.n)
    for q in range(work.n):
        circuit.add_parametric_RX_gate(q, 0.0)
    for _ in range(LAYERS):
        for q in range(work.n):
            circuit.add_parametric_RZ_gate(q, 0.0)
            circuit.add_parametric_RY_gate(q, 0.0)
            circuit.add_parametric_RZ_gate(q, 0.0)
        for q in range(work.n):
            circuit.add_CNOT_gate(q, (q + 1) % work.n)
    return circuit
