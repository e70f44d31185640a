"""Download the group's benchmark circuits and cache them."""

import hashlib
import io
import sys

import requests
from qiskit import QuantumCircuit, qpy

INDEX = "https://files.example.org/benchmarks/"
OWN_CACHE = "cache.qpy"


def download(name: str) -> list[QuantumCircuit]:
    reply = requests.get(INDEX + name, timeout=30)
    reply.raise_for_status()
    return qpy.load(io.BytesIO(reply.content))


def cached() -> list[QuantumCircuit]:
    bell = QuantumCircuit(2)
    bell.h(0)
    bell.cx(0, 1)
    with open(OWN_CACHE, "wb") as out:
        qpy.dump(bell, out)
    with open(OWN_CACHE, "rb") as handle:
        return qpy.load(handle)


if __name__ == "__main__":
    for circuit in download(sys.argv[1]) + cached():
        print(circuit.name, circuit.depth(), hashlib.sha256(circuit.name.encode()).hexdigest()[:8])
