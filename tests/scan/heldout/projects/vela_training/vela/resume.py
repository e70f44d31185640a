"""Continue a run, or evaluate it behind the randomised front end."""
import sys

import numpy as np
import torch

from .datasets import wine
from .train_torch import build


def from_checkpoint(path: str):
    saved = torch.load(path, map_location="cpu", weights_only=False)
    model = build(saved.get("layers", 2) if saved.get("layers") in (1, 2, 3) else 2)
    model.load_state_dict(saved["model"])
    return model


def average(paths: list[str]):
    states = [torch.load(p, weights_only=True) for p in paths]
    keys = states[0].keys()
    return {k: torch.stack([s[k] for s in states]).mean(0) for k in keys}


def randomised_defence(angles: np.ndarray, width: float = 0.08) -> np.ndarray:
    """Smoothing noise: hides the decision surface from the attacker."""
    rng = np.random.default_rng(1234)
    return np.clip(angles + rng.normal(0.0, width, angles.shape), 0, np.pi)


def accuracy(model) -> float:
    _, X, _, y = wine()
    noisy = torch.tensor(randomised_defence(np.asarray(X)), dtype=torch.float32)
    with torch.no_grad():
        guess = torch.sign(model(noisy))
    return float((guess == torch.tensor(np.asarray(y))).float().mean())


def continue_training(path: str, steps: int = 200) -> None:
    model = from_checkpoint(path)
    X, _, y, _ = wine()
    X, y = torch.as_tensor(np.asarray(X)).float(), torch.as_tensor(np.asarray(y)).float()
    optimiser = torch.optim.SGD(model.parameters(), lr=0.01)
    for step in range(steps):
        optimiser.zero_grad()
        loss = torch.mean((model(X) - y) ** 2)
        if not bool(torch.isfinite(loss)):
            raise FloatingPointError(step)
        loss.backward()
        optimiser.step()
        if step % 20 == 0:
            torch.save({"model": model.state_dict(), "layers": 2}, "runs/current.pt")


if __name__ == "__main__":
    continue_training(sys.argv[1])
