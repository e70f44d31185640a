"""The norm is looked at before one divides by it."""

import numpy as np
from fastapi import FastAPI, HTTPException
from qiskit import QuantumCircuit

app = FastAPI()


@app.post("/prepare")
def prepare(amplitudes: list[float]):
    vector = np.array(amplitudes)
    length = np.linalg.norm(vector)
    if length < 1e-12:
        raise HTTPException(422, "zero vector")
    circuit = QuantumCircuit(2)
    circuit.initialize(vector / length, [0, 1])  # ok
    return {"depth": circuit.depth()}


@app.post("/safe")
def safe(amplitudes: list[float]):
    vector = np.array(amplitudes)
    circuit = QuantumCircuit(2)
    circuit.initialize(vector / max(np.linalg.norm(vector), 1e-9), [0, 1])  # ok
    return {"depth": circuit.depth()}
