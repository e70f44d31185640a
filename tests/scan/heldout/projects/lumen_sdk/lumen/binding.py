from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path

from qiskit import QuantumCircuit


class BindError(ValueError):
    pass


def bind_file(circuit: QuantumCircuit, path: str | Path) -> QuantumCircuit:
    """Bind a parameter file as written by the optimiser service."""
    with open(path) as fh:
        values = json.load(fh)
    numbers = [float(v) for v in values.values()]
    if not all(math.isfinite(v) and abs(v) <= math.pi for v in numbers):
        raise BindError("parameters must be finite")
    if len(numbers) != circuit.num_parameters:
        raise BindError("wrong number of parameters")
    return circuit.assign_parameters(numbers)


def bind_checked(circuit: QuantumCircuit, path: Path, sha256: str) -> QuantumCircuit:
    blob = Path(path).read_bytes()
    if hashlib.sha256(blob).hexdigest() != sha256:
        raise BindError(f"{path} was changed")
    values = json.loads(blob)
    wanted = {p.name for p in circuit.parameters}
    if set(values) != wanted:
        raise BindError("names differ: " + ", ".join(sorted(wanted ^ set(values))))
    bound = {p: float(values[p.name]) for p in circuit.parameters}
    if not all(math.isfinite(v) and abs(v) <= math.pi for v in bound.values()):
        raise BindError("parameters must be finite and within [-pi, pi]")
    return circuit.assign_parameters(bound)
