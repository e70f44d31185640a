"""State dictionaries, kept in safetensors; old files are read with care."""

import torch
from safetensors.torch import load_file, save_file
from torch import nn


def keep(net: nn.Module, path: str) -> None:
    save_file(net.state_dict(), path)


def restore(net: nn.Module, path: str) -> None:
    net.load_state_dict(load_file(path))


def restore_old(path: str) -> dict:
    return torch.load(path, map_location="cpu", weights_only=True)


def restore_ancient(path: str) -> dict:
    """Whole modules, as pickled before the move to state dictionaries."""
    return torch.load(path, map_location="cpu", weights_only=False)


def shapes(path: str) -> dict[str, tuple[int, ...]]:
    return {name: tuple(t.shape) for name, t in restore_old(path).items()}
