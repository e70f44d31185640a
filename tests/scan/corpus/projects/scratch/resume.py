"""Resume training from whatever checkpoint is newest."""

from pathlib import Path

import torch as th

from torch_net import HybridNet


def newest(folder: Path) -> Path:
    return max(folder.glob("*.pt"), key=lambda p: p.stat().st_mtime)


def resume(folder: Path, device: str = "cpu"):
    net = HybridNet()
    optimizer = th.optim.Adam(net.parameters(), lr=1e-3)
    state = th.load(newest(folder), map_location=device)
    net.load_state_dict(state["net"])
    optimizer.load_state_dict(state["optimizer"])
    return net, optimizer, state["epoch"]


def resume_safely(folder: Path):
    net = HybridNet()
    net.load_state_dict(th.load(newest(folder), weights_only=True))
    return net
