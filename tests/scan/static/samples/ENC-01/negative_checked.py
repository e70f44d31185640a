"""Values that were tested, scaled by a fitted transform, or never came from outside."""

import math
from typing import Annotated

import cirq
import cv2
import numpy as np
import pennylane as qml
from fastapi import FastAPI, HTTPException
from flask import Flask, abort, request
from pydantic import BaseModel, Field, FiniteFloat
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter, ParameterVector

app = Flask(__name__)
api = FastAPI()
device = qml.device("default.qubit", wires=4)


class Bounded(BaseModel):
    features: list[FiniteFloat]


class Ranged(BaseModel):
    angle: Annotated[float, Field(ge=-math.pi, le=math.pi)]


def checked(values):
    x = np.asarray(values, dtype=float)
    if not np.isfinite(x).all():
        raise ValueError("features must be finite")
    return x


@qml.qnode(device)
def classifier(features):
    qml.AngleEmbedding(features, wires=range(4))  # ok
    return qml.expval(qml.PauliZ(0))


@app.post("/predict")
def predict():
    return {"score": float(classifier(checked(request.json["features"])))}


@api.post("/finite")
def finite(sample: Bounded):
    circuit = QuantumCircuit(len(sample.features))
    for qubit, value in enumerate(sample.features):
        circuit.rx(value, qubit)  # ok
    return circuit.depth()


@api.post("/ranged")
def ranged(sample: Ranged):
    circuit = QuantumCircuit(1)
    circuit.ry(sample.angle, 0)  # ok
    return circuit.depth()


@app.get("/angle")
def angle():
    value = float(request.args["angle"])
    if not -math.pi <= value <= math.pi:
        abort(400)
    return str(cirq.rz(value))  # ok


@api.get("/abs")
def absolute(theta: float):
    if not math.isfinite(theta) or abs(theta) > 10:
        raise HTTPException(422)
    return str(cirq.Rx(rads=theta))  # ok


@app.post("/scaled")
def scaled():
    row = app.config["SCALER"].transform([request.json["row"]])[0]

    @qml.qnode(device)
    def node():
        qml.AngleEmbedding(row, wires=range(4))  # ok
        return qml.expval(qml.PauliZ(0))

    return {"value": float(node())}


@app.post("/clipped")
def clipped():
    row = np.nan_to_num(np.clip(np.array(request.json["row"]), 0, np.pi))
    return str(cirq.ry(row[0]))  # ok


@app.post("/choose")
def choose():
    table = {"low": 0.1, "high": 1.2}
    circuit = QuantumCircuit(1)
    if request.json["level"] == "low":
        circuit.rx(table["low"], 0)  # ok
    return circuit.depth()


def ansatz(weights):
    for wire in range(4):
        qml.RY(weights[wire], wires=wire)  # ok


def feature_map(qubits):
    circuit = QuantumCircuit(qubits)
    for qubit in range(qubits):
        circuit.ry(Parameter(f"x{qubit}"), qubit)  # ok
    return circuit


@app.get("/steps")
def steps():
    count = int(request.args["steps"])
    circuit = QuantumCircuit(1)
    circuit.rz(2 * math.pi / max(1, len(str(count))), 0)  # ok
    return circuit.depth()


@app.post("/valid")
def valid():
    body = request.get_json()
    x = body["x"]
    validate_features(x)
    return str(cirq.rx(x))  # ok


def validate_features(values):
    if len(values) != 1:
        abort(400)


@app.post("/image")
def image():
    pixels = cv2.imread(request.form["path"], 0) / 255.0
    circuit = QuantumCircuit(1)
    circuit.ry(np.pi * pixels[0, 0], 0)  # ok
    return circuit.depth()


@app.post("/symbols")
def symbols():
    x = ParameterVector("x", int(request.json["qubits"]))
    circuit = QuantumCircuit(1)
    circuit.p(2 * x[0], 0)  # ok
    return circuit.depth()
