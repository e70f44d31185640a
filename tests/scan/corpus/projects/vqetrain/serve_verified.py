"""Inference with parameters whose HMAC is checked on load."""

import hashlib
import hmac
import io
import json
import os
from pathlib import Path

import numpy as np
import pennylane as qml

FOLDER = Path("/srv/model")
KEY = os.environ["MODEL_HMAC_KEY"].encode()
dev = qml.device("default.qubit", wires=2)


@qml.qnode(dev)
def circuit(a, b, w):
    qml.RY(a, wires=0)
    qml.RY(b, wires=1)
    qml.StronglyEntanglingLayers(w, wires=range(2))
    return qml.expval(qml.PauliZ(0))


def verified(name: str) -> bytes:
    blob = (FOLDER / name).read_bytes()
    manifest = json.loads((FOLDER / "manifest.json").read_text())
    tag = hmac.new(KEY, blob, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(tag, manifest[name]):
        raise PermissionError(f"{name} has no valid tag")
    return blob


def weights() -> np.ndarray:
    return np.load(io.BytesIO(verified("weights.npy")), allow_pickle=False)


class Service:
    def __init__(self) -> None:
        self.w = weights()

    def predict(self, a: float, b: float) -> float:
        a, b = np.clip([a, b], 0.0, np.pi)
        return float(circuit(a, b, self.w))
