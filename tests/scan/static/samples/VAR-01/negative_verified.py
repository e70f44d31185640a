"""Verified parameters, parameters trained here, and data that is no parameter."""

import hashlib
import hmac
import json

import numpy as np
import pennylane as qml
import torch
from flask import Flask, request
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector

device = qml.device("default.qubit", wires=4)
X = ParameterVector("x", 4)
ENCODER = QuantumCircuit(4)
ANSATZ = QuantumCircuit(4)
DIGEST = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"
app = Flask(__name__)


@qml.qnode(device)
def model(x, weights):
    qml.AngleEmbedding(x, wires=range(4))
    qml.StronglyEntanglingLayers(weights, wires=range(4))  # ok
    return qml.expval(qml.PauliZ(0))


def hashed(x, path):
    data = open(path, "rb").read()
    if hashlib.sha256(data).hexdigest() != DIGEST:
        raise ValueError("these are not the trained weights")
    weights = np.frombuffer(data)
    return model(x, weights)  # ok


def signed(path, key, tag):
    body = open(path, "rb").read()
    if not hmac.compare_digest(hmac.digest(key, body, "sha256"), tag):
        raise ValueError("the signature is wrong")
    theta = json.loads(body)["theta"]
    return ANSATZ.assign_parameters(theta)  # ok


def verified(path):
    data = open(path, "rb").read()
    verify_manifest(path, data)
    return ANSATZ.assign_parameters(np.frombuffer(data))  # ok


def verify_manifest(path, data):
    with open(path + ".sha256") as file:
        if hashlib.sha256(data).hexdigest() != file.read():
            raise ValueError(path)


def trained(cost, x):
    opt = qml.AdamOptimizer(0.1)
    weights = qml.numpy.zeros((2, 4, 3), requires_grad=True)
    for _ in range(20):
        weights, loss = opt.step_and_cost(cost, weights)
        if not np.isfinite(loss):
            break
    return model(x, weights)  # ok


def initial(rng):
    theta = rng.uniform(-np.pi, np.pi, 4)
    return ANSATZ.assign_parameters(theta)  # ok


@app.post("/encode")
def encode():
    return str(ENCODER.assign_parameters(request.json["x"]))  # ok


def rows(path, weights):
    x = np.loadtxt(path)
    return [model(row, weights) for row in x]  # ok


def features(path):
    x = np.load(path)
    return ENCODER.assign_parameters(dict(zip(X, x, strict=True)))  # ok


def restore(network, path, expected):
    data = open(path, "rb")
    digest = hashlib.file_digest(data, "sha256").hexdigest()
    if digest != expected:
        raise ValueError("not the trained weights")
    network.load_state_dict(torch.load(data, weights_only=True))  # ok


def copied(source, target):
    target.load_state_dict(source.state_dict())  # ok
