"""Evaluate a hybrid torch model from a checkpoint."""

import argparse

import pennylane as qml
import torch
from torch import nn

dev = qml.device("default.qubit", wires=4)


@qml.qnode(dev, interface="torch")
def layer(inputs, weights):
    qml.AngleEmbedding(torch.tanh(inputs) * torch.pi, wires=range(4))
    qml.BasicEntanglerLayers(weights, wires=range(4))
    return [qml.expval(qml.PauliZ(i)) for i in range(4)]


def build() -> nn.Module:
    quantum = qml.qnn.TorchLayer(layer, {"weights": (2, 4)})
    return nn.Sequential(nn.Linear(16, 4), quantum, nn.Linear(4, 2))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("checkpoint")
    args = parser.parse_args()
    model = build()
    state = torch.load(args.checkpoint, map_location="cpu")
    model.load_state_dict(state["model"])
    model.eval()
    print(sum(p.numel() for p in model.parameters()))


if __name__ == "__main__":
    main()
