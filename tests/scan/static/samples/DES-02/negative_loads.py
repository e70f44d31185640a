import numpy as np
import torch
from safetensors.torch import load_file

SAFE = True


def safe(path):
    return torch.load(path, weights_only=True)  # ok


def named(path):
    return torch.load(f=path, map_location="cpu", weights_only=True)  # ok


def constant(path):
    return torch.load(path, weights_only=SAFE)  # ok


def tensors(path):
    return load_file(path)  # ok


def arrays(path):
    return torch.from_numpy(np.load(path))  # ok


def state(model, path):
    model.load_state_dict(torch.load(path, weights_only=True))  # ok
    return model


def method(model, path):
    return model.load(path)  # ok


def forwarded(path, **options):
    return torch.load(path, **options)  # ok


def saved(model, path):
    torch.save(model.state_dict(), path)  # ok


def scripted(path):
    return torch.jit.load(path)  # ok


class torchlike:
    @staticmethod
    def load(path):
        return path


def other(path):
    return torchlike.load(path)  # ok
