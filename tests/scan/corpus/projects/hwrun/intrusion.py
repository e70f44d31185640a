"""Blocks network flows by a quantum anomaly score."""

import math

from flask import Flask, request
from qiskit import QuantumCircuit, transpile
from qiskit.providers.fake_provider import GenericBackendV2

app = Flask(__name__)
SHOTS = 1000


def score(angle: float) -> float:
    backend = GenericBackendV2(num_qubits=2, seed=3)
    qc = QuantumCircuit(2, 2)
    qc.ry(angle, 0)
    qc.cx(0, 1)
    qc.measure([0, 1], [0, 1])
    counts = backend.run(transpile(qc, backend), shots=SHOTS).result().get_counts()
    return counts.get("11", 0) / SHOTS


@app.post("/flow")
def flow():
    value = float(request.json["entropy"])
    if not math.isfinite(value):
        return {"error": "not finite"}, 400
    blocked = score(math.tanh(value) * math.pi) > 0.5
    return {"blocked": blocked}


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=8000)
