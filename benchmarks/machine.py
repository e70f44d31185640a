"""The machine under the benchmark: one pinned core, one thread, versions and device names."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
from collections.abc import Mapping
from pathlib import Path

# Read by BLAS, OpenMP and XLA when they are first loaded, so they are set before any import.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "PYTHONWARNINGS": "ignore",  # of peers, about peers
}

PACKAGES = (
    "redqubit",
    "torch",
    "numpy",
    "qiskit",
    "qiskit-aer",
    "pennylane",
    "pennylane-lightning",
    "jax",
    "jaxlib",
    "tensorcircuit-ng",
    "qulacs",
    "adversarial-robustness-toolbox",
)


def pin(core: int | None) -> int | None:
    """Bind this process, and what it starts, to one core; return the core.

    ``None`` takes the last core allowed, which the system's own work uses least. Returns None
    where the platform cannot bind (macOS, Windows): the page then says so.
    """
    if not hasattr(os, "sched_setaffinity"):
        return None
    chosen = max(os.sched_getaffinity(0)) if core is None else core
    os.sched_setaffinity(0, {chosen})
    return chosen


def worker_environment(dtype: str, device: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a worker process: one thread, JAX in the precision measured."""
    jax_platform = {} if device == "cuda" else {"JAX_PLATFORMS": "cpu"}
    x64 = {"JAX_ENABLE_X64": "1" if dtype == "complex128" else "0"}
    return {**environ, **ONE_THREAD, **jax_platform, **x64}


def describe(core: int | None, clock: str) -> dict[str, object]:
    """Return the header of the results: date, processor, core, clock, load, versions."""
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": processor(),
        "core": core,
        "clock": clock,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """Return the version of every package of the comparison that is installed."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def processor() -> str:
    """Return the processor's model name, or the machine type where the system does not tell."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    by_name = {key.strip(): value.strip() for key, value in fields.items()}
    return by_name.get("model name", platform.machine())
