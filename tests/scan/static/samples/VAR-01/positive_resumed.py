"""Weights that are resumed, held in objects, or read through a table of readers."""

import io
import json
import urllib.request
from dataclasses import dataclass

import cirq
import numpy as np
import pennylane as qml
import requests
import torch
from braket.devices import LocalSimulator
from braket.jobs import load_job_checkpoint

device = qml.device("default.qubit", wires=4)


def of_npz(path):
    with np.load(path) as archive:
        return dict(archive)


def of_pt(path):
    return torch.load(path, weights_only=True)


READERS = {".npz": of_npz, ".pt": of_pt}


def fill(network, path):
    state = READERS[path.suffix](path)
    network.load_state_dict(state.get("model", state))  # finds: VAR-01
    return network


@qml.qnode(device)
def cost(w):
    qml.StronglyEntanglingLayers(w, wires=range(4))
    return qml.expval(qml.PauliZ(0))


def resume(server):
    start = np.array(requests.get(f"{server}/round").json()["weights"])
    optimizer = qml.AdamOptimizer(0.05)
    weights = start
    for _ in range(10):
        weights, loss = optimizer.step_and_cost(cost, weights)  # finds: VAR-01
        if not np.isfinite(loss):
            break
    return weights


class Resumed:
    def __init__(self, job):
        self.theta = load_job_checkpoint(job)["theta"]

    def run(self, circuit):
        inputs = {f"t{i}": value for i, value in enumerate(self.theta)}
        return LocalSimulator().run(circuit, shots=100, inputs=inputs)  # finds: VAR-01


@dataclass
class Symbols:
    held: dict

    @classmethod
    def of_url(cls, url) -> "Symbols":
        with urllib.request.urlopen(url) as answer:
            return cls(json.loads(answer.read()))

    def resolver(self):
        return cirq.ParamResolver(self.held)  # finds: VAR-01


def replace(model, url):
    with np.load(io.BytesIO(requests.get(url).content)) as archive:
        model.set_parameters(archive["theta"])  # finds: VAR-01


class Model:
    def __init__(self, path):
        self.theta = np.load(path)

        @qml.qnode(device)
        def node(x, w):
            qml.AngleEmbedding(x, wires=range(4))
            qml.StronglyEntanglingLayers(w, wires=range(4))
            return qml.expval(qml.PauliZ(0))

        self.node = node

    def answer(self, x):
        return float(self.node(np.clip(x, 0, np.pi), self.theta))  # finds: VAR-01


def of_lab(network):
    network.load_state_dict(torch.load("/shared/lab/best.pt"))  # finds: VAR-01 medium
    return network
