"""Norms that are zero where one divides by them, and vectors through a factory."""

import numpy as np
import pandas as pd
import pennylane as qml
from fastapi import FastAPI
from qiskit import QuantumCircuit

app = FastAPI()


@app.post("/prepare")
def prepare(amplitudes: list[float]):
    vector = np.array(amplitudes)
    circuit = QuantumCircuit(2)
    circuit.initialize(vector / np.linalg.norm(vector), [0, 1])  # finds: ENC-03
    return {"depth": circuit.depth()}


def node(wires):
    @qml.qnode(qml.device("default.qubit", wires=wires))
    def state(v):
        qml.MottonenStatePreparation(v, wires=range(wires))  # finds: ENC-03
        return qml.state()

    return state


def spectrum(path):
    grid = pd.read_csv(path).to_numpy()
    return node(6)(np.sqrt(np.abs(np.fft.fft2(grid)).ravel()))
