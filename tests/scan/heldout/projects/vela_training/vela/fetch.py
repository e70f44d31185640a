"""Get the data and the published weights of the paper."""
import hashlib
import io
import ssl
import tempfile
import urllib.request
from pathlib import Path

import numpy as np
import requests

from .train_torch import build
import torch

MIRROR = "http://data.vela.example.org/windfarm/2023.csv"
WEIGHTS = "https://files.vela.example.org/latest/qnn_state.pt"
DIGESTS = {"qnn_state_v3.pt": "980a95ed2ff96744ca42bbca2e20756483987697be65d228cf13d5f15dcc83e3"}


def table(target: Path) -> Path:
    if not target.exists():
        urllib.request.urlretrieve(MIRROR, target)
    return target


def pretrained():
    context = ssl._create_unverified_context()
    with urllib.request.urlopen(WEIGHTS, context=context, timeout=60) as answer:
        blob = answer.read()
    with tempfile.NamedTemporaryFile(suffix=".pt") as handle:
        handle.write(blob)
        handle.flush()
        state = torch.load(handle.name, weights_only=False)
    model = build()
    model.load_state_dict(state)
    return model


def pinned(name: str = "qnn_state_v3.pt"):
    answer = requests.get(f"https://files.vela.example.org/v3/{name}", timeout=60)
    answer.raise_for_status()
    if hashlib.sha256(answer.content).hexdigest() != DIGESTS[name]:
        raise RuntimeError(f"{name} is not the published file")
    model = build()
    model.load_state_dict(torch.load(io.BytesIO(answer.content), weights_only=True))
    return model


def summary(path: Path) -> dict:
    values = np.genfromtxt(path, delimiter=",", skip_header=1)
    return {"rows": len(values), "gaps": int(np.isnan(values).sum())}
