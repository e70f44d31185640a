"""Hybrid network, plain training loop."""

import torch
from sklearn.datasets import make_moons
from torch import nn

from hybrid import Hybrid


def batches(seed: int = 0, size: int = 32):
    X, y = make_moons(400, noise=0.1, random_state=seed)
    X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
    for start in range(0, len(X), size):
        yield X[start : start + size], y[start : start + size]


def train(epochs: int = 10) -> nn.Module:
    net = Hybrid()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        for X, y in batches(epoch):
            optimizer.zero_grad()
            loss = criterion(net(X), y)
            loss.backward()
            optimizer.step()
        torch.save(net.state_dict(), "latest.pt")
    return net


if __name__ == "__main__":
    torch.manual_seed(0)
    train()
