"""Limits shared by the views."""
from __future__ import annotations

MAX_SHOTS = 8192
MAX_QUBITS = 20
MAX_DEPTH = 400
MAX_PROGRAM = 64_000

ALLOWED = frozenset({"ibm_brisbane", "ibm_kyiv", "ibm_sherbrooke"})


class LimitError(ValueError):
    pass


def clamp_shots(value, default: int = 1024) -> int:
    try:
        wanted = int(value)
    except (TypeError, ValueError):
        return default
    return max(1, min(wanted, MAX_SHOTS))


def allowed_backend(name: str) -> str:
    if name not in ALLOWED:
        raise LimitError(f"backend not offered: {name!r}")
    return name


def check_size(circuit) -> None:
    if circuit.num_qubits > MAX_QUBITS or circuit.depth() > MAX_DEPTH:
        raise LimitError("circuit too large")
