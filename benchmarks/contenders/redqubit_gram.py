"""Fidelities of all pairs through this project's kernel."""

from __future__ import annotations

from qiskit import QuantumCircuit

from benchmarks.contenders import Prepared
from benchmarks.workload import Workload
from redqubit import circuits
from redqubit.models.kernel import FidelityKernel


def any_encoder(work: Workload) -> Prepared:
    """Return the whole matrix from inputs, through dense states, as any encoder needs it."""
    kernel = _kernel(work, entangled=True)
    return Prepared(lambda: kernel(work.inputs), lambda gram: {"gram": gram})


def product_encoder(work: Workload) -> Prepared:
    """Return the whole matrix from inputs, through the qubits' Bloch vectors."""
    kernel = _kernel(work, entangled=False)
    return Prepared(lambda: kernel(work.inputs), lambda gram: {"gram": gram})


def _kernel(work: Workload, entangled: bool) -> FidelityKernel:
    """Return the kernel of RX encoding, with or without a CNOT that changes no fidelity."""
    encoder: QuantumCircuit = circuits.angle(work.n)
    if entangled:
        encoder.cx(0, 1)
    return FidelityKernel(encoder)
