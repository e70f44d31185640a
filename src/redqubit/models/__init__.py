"""Models: data, preprocessing, classifiers and how attackers see them."""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "AliasingWarning": "preprocess",
    "ClassicalNetwork": "classical",
    "Differentiable": "model",
    "Model": "model",
    "Oracle": "target",
    "Preprocess": "preprocess",
    "QNN": "qnn",
    "QSVM": "kernel",
    "Split": "split",
    "TrainingData": "target",
    "Victim": "victim",
    "WhiteBox": "target",
}

_MODULES = ("datasets", "file")

__all__ = sorted((*_HOMES, *_MODULES))


def __getattr__(name: str) -> Any:
    """Import the module that holds ``name`` on first use."""
    if name in _HOMES:
        return getattr(importlib.import_module(f"redqubit.models.{_HOMES[name]}"), name)
    if name in _MODULES:
        return importlib.import_module(f"redqubit.models.{name}")
    raise AttributeError(f"module 'redqubit.models' has no attribute {name!r}")
