"""Fidelities of all pairs of encoded states: one matrix product, and PennyLane's functions."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
import pennylane as qml
import torch

from benchmarks.contenders import Prepared
from benchmarks.workload import Workload

CIRCUIT_PAIRS = 100


def encoded(work: Workload) -> np.ndarray:
    """Return the product states of RX angle encoding, (batch, 2^n), qubit 0 least significant."""
    half = work.inputs / 2
    factors = np.stack([np.cos(half) + 0j, -1j * np.sin(half)], axis=-1)  # (batch, n, 2)
    states = reduce(
        lambda low, high: (high[:, :, None] * low[:, None, :]).reshape(work.batch, -1),
        (factors[:, q] for q in range(work.n)),
    )
    return np.ascontiguousarray(states.astype(work.dtype))


def truth(work: Workload) -> dict[str, np.ndarray]:
    """Return the fidelities from the closed form of product states, prod cos^2((x - y) / 2)."""
    x = work.inputs.astype(np.float64)
    factors = np.cos((x[:, None, :] - x[None, :, :]) / 2) ** 2
    return {"gram": factors.prod(axis=2)}


def product(work: Workload) -> Prepared:
    """Return the one complex matrix product that any Gram matrix of dense states contains."""
    states = torch.tensor(encoded(work))

    def read(overlaps: torch.Tensor) -> dict[str, np.ndarray]:
        return {"gram": overlaps.abs().square().numpy()}

    return Prepared(lambda: states @ states.mH, read)


def pennylane_fidelity(work: Workload) -> Prepared:
    """Return PennyLane's batched fidelity, one row of the matrix a call, states given."""
    states = torch.tensor(encoded(work))

    def run() -> torch.Tensor:
        return torch.stack(
            [
                qml.math.fidelity_statevector(row, states, check_state=False, c_dtype=work.dtype)
                for row in states
            ]
        )

    return Prepared(run, lambda gram: {"gram": gram.numpy()})


def pennylane_kernel(work: Workload) -> Prepared:
    """Return PennyLane's kernel circuit, one execution a pair, scaled to the upper triangle."""
    device = qml.device("default.qubit", wires=work.n)

    @qml.qnode(device, interface=None)
    def kernel(x: Any, y: Any) -> Any:
        qml.AngleEmbedding(x, wires=range(work.n), rotation="X")
        qml.adjoint(qml.AngleEmbedding)(y, wires=range(work.n), rotation="X")
        return qml.probs(wires=range(work.n))

    pairs = [(i, i + 1) for i in range(CIRCUIT_PAIRS)]
    needed = work.batch * (work.batch - 1) / 2

    def run() -> list[float]:
        return [kernel(work.inputs[i], work.inputs[j])[0] for i, j in pairs]

    exact = truth(work.head_of(CIRCUIT_PAIRS + 1))["gram"]

    def read(values: list[float]) -> dict[str, np.ndarray]:
        wanted = np.array([exact[i, j] for i, j in pairs])
        if np.abs(np.array(values) - wanted).max() > 1e-5:
            raise RuntimeError("kernel circuit and closed form disagree")
        return {}

    note = f"measured on {CIRCUIT_PAIRS} pairs, scaled to {needed:,.0f}"
    return Prepared(run, read, scale=needed / CIRCUIT_PAIRS, note=note)
