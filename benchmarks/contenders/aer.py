"""Qiskit Aer's density-matrix method: exact noisy expectation values, forward only."""

from __future__ import annotations

from typing import Any

import numpy as np
from qiskit import QuantumCircuit, transpile
from qiskit.quantum_info import Pauli
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel, amplitude_damping_error, depolarizing_error

from benchmarks.contenders import NotRunError, Prepared
from benchmarks.workload import Workload


def expectation_values(work: Workload) -> Prepared:
    """Return the evaluation of the whole batch, one circuit a sample, in one call of ``run``.

    Circuits are built, bound and transpiled outside the timing.
    """
    if work.noise is None:
        raise NotRunError("measured on noisy circuits only")
    single = depolarizing_error(work.noise.depolarizing, 1).compose(
        amplitude_damping_error(work.noise.damping)
    )
    model = NoiseModel()
    model.add_all_qubit_quantum_error(single, ["rx", "u"])
    model.add_all_qubit_quantum_error(single.expand(single), ["cx"])
    precision = "single" if work.dtype == "complex64" else "double"
    simulator = AerSimulator(
        method="density_matrix", noise_model=model, precision=precision, max_parallel_threads=1
    )
    template = _measured(work)
    features = [p for p in template.parameters if p.name.startswith("x")]
    weights = [p for p in template.parameters if p.name.startswith("w")]
    bound = template.assign_parameters(dict(zip(weights, work.weights.ravel(), strict=True)))
    circuits = [
        bound.assign_parameters(dict(zip(features, row, strict=True))) for row in work.inputs
    ]
    circuits = transpile(circuits, simulator, optimization_level=0)

    def read(result: Any) -> dict[str, np.ndarray]:
        values = [[result.data(i)[f"z{q}"] for q in range(work.n)] for i in range(work.batch)]
        return {"values": np.array(values)}

    return Prepared(lambda: simulator.run(circuits).result(), read)


def _measured(work: Workload) -> QuantumCircuit:
    circuit = work.circuit()
    for q in range(work.n):
        circuit.save_expectation_value(Pauli("Z"), [q], label=f"z{q}")
    return circuit
