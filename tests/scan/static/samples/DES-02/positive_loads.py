import sys
from pathlib import Path

import torch
from torch import load

STATE = Path("runs")


def plain(path):
    return torch.load(path)  # finds: DES-02 high


def mapped(path):
    return torch.load(path, map_location="cpu")  # finds: DES-02 high


def explicit(path):
    return torch.load(path, weights_only=False)  # finds: DES-02 high


def imported(path):
    return load(path)  # finds: DES-02 high


def opened(path):
    with open(path, "rb") as file:
        return torch.load(file)  # finds: DES-02 high


def state(model):
    model.load_state_dict(torch.load(STATE / "qnn.pt"))  # finds: DES-02 high
    return model


def argument():
    return torch.load(sys.argv[1], "cpu")  # finds: DES-02 high


def flag(path, trusted):
    return torch.load(path, weights_only=not trusted)  # finds: DES-02 medium


FULL = False


def constant(path):
    return torch.load(path, weights_only=FULL)  # finds: DES-02 high


def zero(path):
    return torch.load(f=path, weights_only=False)  # finds: DES-02 high


def own(model):
    torch.save(model, "model.pt")
    return torch.load("model.pt")  # finds: DES-02 note


def opted(path, trust=False):
    if trust:
        return torch.load(path, weights_only=False)  # finds: DES-02 low
    return torch.load(path, weights_only=True)
