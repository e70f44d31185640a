"""PennyLane's default.qubit and default.mixed with torch, differentiated by backpropagation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pennylane as qml
import torch

from benchmarks.contenders import NotRunError, Prepared
from benchmarks.contenders.torch_step import torch_step
from benchmarks.workload import LAYERS, Workload


def layers(work: Workload, x: Any, w: Any) -> list[Any]:
    """Queue the workload's gates and channels; ``x`` is (n,) or (n, batch)."""
    noise = work.noise

    def channels(*wires: int) -> None:
        if noise is not None:
            for wire in wires:
                # PennyLane's p is the probability of a Pauli error: 3/4 of the mixing weight.
                qml.DepolarizingChannel(0.75 * noise.depolarizing, wires=wire)
                qml.AmplitudeDamping(noise.damping, wires=wire)

    for q in range(work.n):
        qml.RX(x[q], wires=q)
        channels(q)
    for layer in range(LAYERS):
        for q in range(work.n):
            qml.Rot(w[layer, q, 0], w[layer, q, 1], w[layer, q, 2], wires=q)
            channels(q)
        for q in range(work.n):
            target = (q + 1) % work.n
            qml.CNOT(wires=[q, target])
            channels(q, target)
    return [qml.expval(qml.PauliZ(q)) for q in range(work.n)]


def device_name(work: Workload) -> str:
    """Return the PennyLane device that simulates the workload exactly."""
    return "default.qubit" if work.noise is None else "default.mixed"


def node(work: Workload) -> Callable[[torch.Tensor, torch.Tensor], Sequence[torch.Tensor]]:
    """Return the quantum node on inputs (batch, n) and weights (layers, n, 3)."""
    device = qml.device(device_name(work), wires=work.n)

    @qml.qnode(device, interface="torch", diff_method="backprop")
    def quantum(x: torch.Tensor, w: torch.Tensor) -> list[Any]:
        return layers(work, x.T, w)

    return quantum


def gradient_step(work: Workload) -> Prepared:
    """Return the training step through PennyLane and torch."""
    if work.dtype == "complex64":
        raise NotRunError("computes in complex128 whatever the inputs are: see the other precision")
    quantum = node(work)
    return torch_step(work, lambda x, w: torch.stack(list(quantum(x, w)), dim=1))


def lightning_step(work: Workload) -> Prepared:
    """Return the training step through lightning.qubit with adjoint gradients."""
    if work.dtype == "complex128":
        raise NotRunError("its torch interface returns single precision whatever c_dtype is")
    device = qml.device("lightning.qubit", wires=work.n, c_dtype=np.complex64)

    @qml.qnode(device, interface="torch", diff_method="adjoint")
    def quantum(x: torch.Tensor, w: torch.Tensor) -> list[Any]:
        return layers(work, x.T, w)

    return torch_step(work, lambda x, w: torch.stack(list(quantum(x, w)), dim=1))
