"""Paths that properties and attributes give, one file renamed beside one that is not."""

import json
import os
from pathlib import Path

import numpy as np
import pennylane as qml
import torch


class CheckpointKeeper:
    def __init__(self, folder, name):
        self.folder = Path(folder)
        self.target = self.folder / f"{name}.pt"
        self.best = float("inf")

    @property
    def latest(self):
        return self.folder / "latest.pt"

    def stepped(self, epoch):
        return self.folder / f"{epoch}.pt"

    def save(self, model, epoch, loss):
        torch.save(model.state_dict(), self.latest)  # finds: VAR-07
        torch.save(model.state_dict(), self.stepped(epoch))  # ok
        if loss < self.best:
            draft = self.folder / "draft.tmp"
            torch.save(model.state_dict(), draft)  # ok
            os.replace(draft, self.folder / "best.pt")

    def mirror(self, model, step):
        torch.save(model.state_dict(), self.target)  # finds: VAR-07

    def numbered(self, model, step):
        target = os.path.join(self.folder, f"{step}.pt")
        torch.save(model.state_dict(), target)  # ok


def train(cost, weights, folder):
    optimizer = qml.AdamOptimizer(0.1)
    for step in range(50):
        weights = optimizer.step(cost, weights)
        Path("weights.json").write_text(json.dumps(weights.tolist()))  # finds: VAR-07
        (folder / f"weights-{step}.json").write_text(json.dumps(weights.tolist()))  # ok
        np.save(Path(folder) / "theta.npy", weights)  # finds: VAR-07
    return weights
