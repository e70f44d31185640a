"""Lengths and shapes of something else are tested, and bindings are put together in parts."""

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


@qml.qnode(device)
def spectrum(values):
    qml.AmplitudeEmbedding(values, wires=range(WIDTH), pad_with=0.0, normalize=True)  # finds: ENC-04
    return qml.probs(wires=range(WIDTH))


@app.post("/spectrum")
def show():
    values = np.asarray(request.get_json()["values"], dtype=float)
    if values.ndim != 1 or not np.isfinite(values).all():
        abort(422)
    return str(spectrum(values))


@app.post("/bind")
def bind():
    given = [float(item) for item in request.get_json()["angles"]]
    values = {name: value for name, value in zip(angles, given)}  # finds: ENC-04
    rest = dict.fromkeys(angles, 0.0)
    bound = circuit.assign_parameters({**rest, **values})
    return str(bound.depth())


@qml.qnode(device)
def frame_node(row):
    qml.AngleEmbedding(row, wires=range(WIDTH))
    return qml.expval(qml.PauliZ(0))


async def session(websocket):
    async for message in websocket:
        frame = json.loads(message)
        flags = np.array(frame["flags"])
        if flags.shape != (WIDTH,):
            continue
        row = np.array(frame["row"], dtype=float)
        row = np.pad(row, (0, WIDTH - len(row)))  # finds: ENC-04
        await websocket.send(str(frame_node(row)))


@qml.qnode(device)
def padded_node(row):
    qml.AngleEmbedding(row, wires=range(WIDTH))
    return qml.expval(qml.PauliZ(0))


@app.post("/list")
def filled_list():
    row = request.get_json()["row"]
    return str(padded_node(row + [0.0] * (WIDTH - len(row))))  # finds: ENC-04


@app.post("/array")
def filled_array():
    row = np.asarray(request.get_json()["row"], dtype=float)
    row = np.concatenate([row, np.zeros(WIDTH - row.size)])  # finds: ENC-04
    return str(padded_node(row))


@app.post("/power")
def power():
    row = np.asarray(request.get_json()["row"], dtype=float)
    return str(padded_node(row[: 2**WIDTH]))  # finds: ENC-04


@app.post("/front")
def front():
    row = request.get_json()["row"]
    whole = np.zeros(WIDTH)
    whole[: len(row)] = row  # finds: ENC-04
    return str(padded_node(whole))


@qml.qnode(device)
def prepared(values):
    qml.StatePrep(values, wires=range(WIDTH), pad_with=0.0, normalize=True)  # finds: ENC-04
    return qml.probs(wires=range(WIDTH))


@app.post("/prepared")
def prepare():
    return str(prepared(np.array(request.get_json()["values"])))
