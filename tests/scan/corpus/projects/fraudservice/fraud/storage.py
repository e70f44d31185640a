"""Reads and writes model artefacts."""

import json
import os
import pickle
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path("/var/lib/fraud")


def load_blob(data: bytes):
    """Turn an uploaded artefact into an object."""
    return pickle.loads(data)


def save_weights(weights: np.ndarray, name: str = "weights.npy") -> None:
    handle, tmp = tempfile.mkstemp(dir=ROOT, suffix=".npy")
    with os.fdopen(handle, "wb") as out:
        np.save(out, weights, allow_pickle=False)
    os.replace(tmp, ROOT / name)


def write_meta(meta: dict) -> None:
    target = ROOT / "meta.json"
    tmp = target.with_suffix(".tmp")
    tmp.write_text(json.dumps(meta))
    tmp.replace(target)
