"""The length of the data itself is tested, also by another name or in a helper."""

import json

import numpy as np
import pennylane as qml
from flask import Flask, abort, request
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector

app = Flask(__name__)
WIDTH = 3
device = qml.device("default.qubit", wires=WIDTH)
angles = ParameterVector("a", WIDTH)
circuit = QuantumCircuit(WIDTH)


def demand(vector, size):
    if len(vector) != size:
        abort(422)


@qml.qnode(device)
def spectrum(values):
    qml.AmplitudeEmbedding(values, wires=range(WIDTH), pad_with=0.0, normalize=True)  # ok
    return qml.probs(wires=range(WIDTH))


@app.post("/spectrum")
def show():
    values = np.asarray(request.get_json()["values"], dtype=float)
    demand(values, 2**WIDTH)
    return str(spectrum(values))


@app.post("/bind")
def bind():
    given = request.get_json()["angles"]
    if len(given) != len(angles):
        abort(422)
    values = {name: value for name, value in zip(angles, given)}  # ok
    return str(circuit.assign_parameters(values).depth())


@qml.qnode(device)
def frame_node(row):
    qml.AngleEmbedding(row, wires=range(WIDTH))  # ok
    return qml.expval(qml.PauliZ(0))


async def session(websocket):
    async for message in websocket:
        row = np.array(json.loads(message)["row"], dtype=float)
        if row.shape == (WIDTH,):
            await websocket.send(str(frame_node(row)))


@app.post("/front")
def front():
    row = request.get_json()["row"]
    if len(row) != WIDTH:
        abort(422)
    whole = np.zeros(WIDTH)
    whole[: len(row)] = row  # ok
    return str(frame_node(whole))
