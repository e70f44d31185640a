"""With which seed, versions and device numbers were measured."""

from __future__ import annotations

import contextlib
import datetime
import functools
import importlib.metadata
import os
import platform
from collections.abc import Mapping

from redqubit import __version__
from redqubit.core.evidence import Provenance


def provenance(seed: int, data: str, model: str) -> Provenance:
    """Sign numbers measured now, here, in ideal simulation."""
    return Provenance(
        seed=seed,
        versions=versions(),
        device=f"ideal simulation on {platform.machine()} CPU, {os.cpu_count()} cores",
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        data=data,
        model=model,
    )


@functools.cache
def versions() -> Mapping[str, str]:
    """Return the versions of everything a number depends on."""
    found = {"redqubit": __version__, "python": platform.python_version()}
    for package in ("numpy", "torch", "qiskit", "scikit-learn", "scipy"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[package] = importlib.metadata.version(package)
    return found
