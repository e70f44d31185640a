"""Rows of tables, random vectors and datasets; a norm taken of something else helps nothing."""

import io

import numpy as np
import pandas as pd
import pennylane as qml
from fastapi import FastAPI, UploadFile
from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector
from sklearn.datasets import load_digits

device = qml.device("default.qubit", wires=3)


def states(path):
    for row in pd.read_parquet(path).to_numpy(dtype=float):
        circuit = QuantumCircuit(3)
        circuit.initialize(row, range(3))  # finds: ENC-03
        yield Statevector(circuit)


@qml.qnode(device)
def prepared(vector):
    qml.AmplitudeEmbedding(vector, wires=range(3))
    return qml.probs(wires=range(3))


def targets(rng):
    vectors = rng.uniform(0, 1, size=(5, 8))
    raw = [prepared(vector) for vector in vectors]  # finds: ENC-03
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return raw, [prepared(vector) for vector in unit]


@qml.qnode(device)
def digit(row):
    qml.StatePrep(row, wires=range(3))  # finds: ENC-03
    return qml.probs(wires=range(3))


def digits():
    X, y = load_digits(return_X_y=True)
    return [digit(row[:8]) for row in X]


app = FastAPI()


@qml.qnode(device)
def divided(vector):
    qml.AmplitudeEmbedding(vector / np.linalg.norm(vector), wires=range(3))  # finds: ENC-03
    return qml.probs(wires=range(3))


@qml.qnode(device)
def whole(vector):
    qml.MottonenStatePreparation(vector, wires=range(3))  # finds: ENC-03
    return qml.probs(wires=range(3))


@app.post("/upload")
async def upload(file: UploadFile):
    vector = np.load(io.BytesIO(await file.read()))
    return str(divided(vector)), str(whole(vector))
