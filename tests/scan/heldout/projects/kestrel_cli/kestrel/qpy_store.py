"""Circuits are exchanged as QPY 13 or newer."""
import struct
from pathlib import Path

from qiskit import QuantumCircuit, qpy

MIN_VERSION = 13
MAX_BYTES = 5_000_000


class UnsupportedQpy(ValueError):
    pass


def _check_header(head: bytes) -> None:
    if head[:6] != b"QISKIT":
        raise UnsupportedQpy("not a QPY file")
    (version,) = struct.unpack("!B", head[6:7])
    if version < MIN_VERSION:
        raise UnsupportedQpy(f"QPY {version} is too old")


def load(path: Path) -> list[QuantumCircuit]:
    if path.stat().st_size > MAX_BYTES:
        raise UnsupportedQpy("file is too large")
    with path.open("rb") as handle:
        _check_header(handle.read(16))
        handle.seek(0)
        return qpy.load(handle)


def save(path: Path, circuits: list[QuantumCircuit]) -> None:
    temporary = path.with_suffix(".qpy.tmp")
    with temporary.open("wb") as handle:
        qpy.dump(circuits, handle)
    temporary.replace(path)
