"""A small hybrid network with bounded angles."""

import pennylane as qml
import torch
from torch import nn

dev = qml.device("default.qubit", wires=2)


@qml.qnode(dev, interface="torch", diff_method="backprop")
def qlayer(inputs, weights):
    qml.AngleEmbedding(inputs, wires=range(2))
    qml.BasicEntanglerLayers(weights, wires=range(2))
    return [qml.expval(qml.PauliZ(i)) for i in range(2)]


class Hybrid(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.pre = nn.Linear(2, 2)
        self.q = qml.qnn.TorchLayer(qlayer, {"weights": (2, 2)})

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.q(torch.pi * torch.sigmoid(self.pre(x)))
