"""redqubit: a security workbench for quantum machine learning.

Subpackages load on first use, so ``import redqubit`` costs no torch and no qiskit.
"""

from __future__ import annotations

import importlib
from typing import Any

from redqubit.core.budget import Radius

__version__ = "0.1.0"

_PACKAGES = (
    "assess",
    "attacks",
    "certify",
    "circuits",
    "core",
    "defenses",
    "engine",
    "killchain",
    "models",
    "report",
)

__all__ = ["Radius", "__version__", *_PACKAGES]


def __getattr__(name: str) -> Any:
    """Import a subpackage on first access."""
    if name in _PACKAGES:
        return importlib.import_module(f"redqubit.{name}")
    raise AttributeError(f"module 'redqubit' has no attribute {name!r}")
