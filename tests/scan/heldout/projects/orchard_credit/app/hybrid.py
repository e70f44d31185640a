"""Torch variant of the scorer, kept for the comparison study."""
import argparse
from pathlib import Path

import pennylane as qml
import torch
from torch import nn

N = 4
dev = qml.device("default.qubit", wires=N)


@qml.qnode(dev, interface="torch")
def block(inputs, weights):
    qml.AngleEmbedding(inputs, wires=range(N))
    qml.BasicEntanglerLayers(weights, wires=range(N))
    return [qml.expval(qml.PauliZ(i)) for i in range(N)]


class HybridScorer(nn.Module):
    def __init__(self, layers: int = 2):
        super().__init__()
        self.pre = nn.Linear(12, N)
        self.q = qml.qnn.TorchLayer(block, {"weights": (layers, N)})
        self.head = nn.Linear(N, 1)

    def forward(self, x):
        squeezed = torch.tanh(self.pre(x)) * torch.pi / 2
        return torch.sigmoid(self.head(self.q(squeezed)))


def restore(path: Path) -> HybridScorer:
    scorer = HybridScorer()
    bundle = torch.load(path, map_location="cpu")
    scorer.load_state_dict(bundle["state"])
    return scorer.eval()


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("checkpoint", type=Path)
    args = ap.parse_args()
    net = restore(args.checkpoint)
    print(sum(p.numel() for p in net.parameters()), "parameters")


if __name__ == "__main__":
    main()
