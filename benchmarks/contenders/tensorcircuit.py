"""TensorCircuit-NG on its JAX backend, vmap over samples and jit."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import tensorcircuit as tc

from benchmarks.contenders import Prepared
from benchmarks.contenders.pennylane_jax import jax_step
from benchmarks.workload import LAYERS, Workload


def gradient_step(work: Workload) -> Prepared:
    """Return the training step, pure or noisy (density matrices).

    Importing TensorCircuit switches JAX to single precision for the whole process; its
    ``set_dtype`` puts back what this process measures.
    """
    tc.set_backend("jax")
    tc.set_dtype(work.dtype)

    def single(x: Any, w: Any) -> Any:
        circuit = tc.Circuit(work.n) if work.noise is None else tc.DMCircuit(work.n)
        for q in range(work.n):
            circuit.rx(q, theta=x[q])
            _channels(circuit, work, q)
        for layer in range(LAYERS):
            for q in range(work.n):
                circuit.rz(q, theta=w[layer, q, 0])
                circuit.ry(q, theta=w[layer, q, 1])
                circuit.rz(q, theta=w[layer, q, 2])
                _channels(circuit, work, q)
            for q in range(work.n):
                target = (q + 1) % work.n
                circuit.cnot(q, target)
                _channels(circuit, work, q, target)
        return jnp.stack([jnp.real(circuit.expectation_ps(z=[q])) for q in range(work.n)])

    return jax_step(work, jax.vmap(single, in_axes=(0, None)))


def _channels(circuit: Any, work: Workload, *qubits: int) -> None:
    if work.noise is None:
        return
    quarter = work.noise.depolarizing / 4
    for q in qubits:
        circuit.depolarizing(q, px=quarter, py=quarter, pz=quarter)
        circuit.amplitudedamping(q, gamma=work.noise.damping, p=1.0)
