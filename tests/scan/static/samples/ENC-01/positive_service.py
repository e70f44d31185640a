"""A web service that encodes whatever it is sent."""

import cirq
import numpy as np
import pennylane as qml
import requests
from braket.circuits import Circuit
from fastapi import FastAPI
from flask import Flask, request
from pydantic import BaseModel
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector

app = Flask(__name__)
api = FastAPI()
device = qml.device("default.qubit", wires=4)
WEIGHTS = np.zeros((2, 4))


class Sample(BaseModel):
    features: list[float]


@qml.qnode(device)
def classifier(features, weights):
    qml.AngleEmbedding(features, wires=range(4))  # finds: ENC-01
    qml.BasicEntanglerLayers(weights, wires=range(4))
    return qml.expval(qml.PauliZ(0))


@app.post("/predict")
def predict():
    x = np.array(request.json["features"], dtype=float)
    return {"score": float(classifier(x, WEIGHTS))}


@app.post("/rotate")
def rotate():
    angle = float(request.form["angle"])
    circuit = QuantumCircuit(1)
    circuit.ry(angle, 0)  # finds: ENC-01
    return {"depth": circuit.depth()}


@api.post("/cirq")
def sample_cirq(sample: Sample):
    qubits = cirq.LineQubit.range(len(sample.features))
    gates = []
    for qubit, value in zip(qubits, sample.features, strict=True):
        gates.append(cirq.rx(value)(qubit))  # finds: ENC-01
    return {"circuit": str(cirq.Circuit(gates))}


@api.get("/braket")
def sample_braket(angle: float):
    circuit = Circuit().h(0)
    circuit.rz(0, angle)  # finds: ENC-01
    return {"program": str(circuit)}


def remote_rows(url):
    return np.array(requests.get(url, timeout=10).json()["rows"])


def encode_rows(url):
    rows = remote_rows(url)

    @qml.qnode(device)
    def iqp():
        qml.IQPEmbedding(rows[0], wires=range(4), n_repeats=2)  # finds: ENC-01
        return qml.probs(wires=0)

    return iqp()


@app.post("/resolve")
def resolve():
    values = {"x0": request.json["x0"], "x1": request.json["x1"]}
    return {"ok": bool(cirq.ParamResolver(values))}  # finds: ENC-01


@app.post("/bind")
def bind():
    features = ParameterVector("x", 2)
    circuit = QuantumCircuit(2)
    circuit.ry(features[0], 0)
    sample = [float(value) for value in request.json["sample"]]
    return {"depth": circuit.assign_parameters(sample).depth()}  # finds: ENC-01


@api.post("/phase")
def phase(sample: Sample):
    circuit = QuantumCircuit(2)
    for qubit, value in enumerate(sample.features):
        circuit.p(2 * value, qubit)  # finds: ENC-01
    return circuit.num_qubits


@app.post("/tanh")
def squashed():
    x = np.tanh(np.asarray(request.get_json()["x"]))

    @qml.qnode(device)
    def node():
        for wire in range(4):
            qml.RY(x[wire], wires=wire)  # finds: ENC-01
        return qml.expval(qml.PauliZ(0))

    return {"value": float(node())}


class Model:
    def __init__(self):
        self.qnode = qml.QNode(self.circuit, device)

    def circuit(self, x):
        qml.AngleEmbedding(x, wires=range(4))  # finds: ENC-01
        return qml.expval(qml.PauliZ(0))

    def score(self, x):
        return float(self.qnode(x))


@api.post("/model")
def of_model(sample: Sample):
    return Model().score(sample.features)
