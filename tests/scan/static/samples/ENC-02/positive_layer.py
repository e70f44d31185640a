"""A hybrid network whose quantum layer gets what a request sends."""

import pennylane as qml
import torch
from flask import Flask, request
from torch import nn

app = Flask(__name__)


@qml.qnode(qml.device("default.qubit", wires=4))
def circuit(inputs, w):
    qml.AngleEmbedding(inputs, wires=range(4))  # finds: ENC-02
    qml.BasicEntanglerLayers(w, wires=range(4))
    return qml.expval(qml.PauliZ(0))


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = qml.qnn.TorchLayer(circuit, {"w": (2, 4)})

    def forward(self, x):
        return self.layer(x)


network = Network()


@app.post("/score")
def score():
    row = torch.tensor(request.json["row"])
    return {"score": float(network(row))}
