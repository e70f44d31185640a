"""Compare two checkpoints of the hybrid network."""

import sys

import torch

from torch_net import HybridNet


def load(path: str) -> HybridNet:
    net = HybridNet()
    net.load_state_dict(torch.load(path, weights_only=False))
    return net


def distance(a: HybridNet, b: HybridNet) -> float:
    pairs = zip(a.parameters(), b.parameters(), strict=True)
    return float(sum(torch.norm(p - q) for p, q in pairs))


if __name__ == "__main__":
    first, second = (load(name) for name in sys.argv[1:3])
    print(distance(first, second))
