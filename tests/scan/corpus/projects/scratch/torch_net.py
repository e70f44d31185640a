"""The hybrid network."""

import pennylane as qml
import torch
from torch import nn

dev = qml.device("default.qubit", wires=2)


@qml.qnode(dev, interface="torch")
def qlayer(inputs, weights):
    qml.AngleEmbedding(inputs, wires=[0, 1])
    qml.StronglyEntanglingLayers(weights, wires=[0, 1])
    return qml.expval(qml.PauliZ(0)), qml.expval(qml.PauliZ(1))


class HybridNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.pre = nn.Linear(8, 2)
        self.q = qml.qnn.TorchLayer(qlayer, {"weights": (3, 2, 3)})
        self.post = nn.Linear(2, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        angles = torch.tanh(self.pre(x)) * torch.pi
        return self.post(self.q(angles))
