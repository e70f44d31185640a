"""Workers run on one core with one thread in the precision that is measured."""

import os
import subprocess
import sys

import pytest
from benchmarks import machine


def test_worker_environment_sets_threads_and_precision():
    """A worker has one thread, keeps the rest of the environment, and JAX has its precision."""
    double = machine.worker_environment("complex128", "cpu", {"HOME": "here"})
    single = machine.worker_environment("complex64", "cuda", {})
    assert double["OMP_NUM_THREADS"] == "1"
    assert double["HOME"] == "here"
    assert (double["JAX_ENABLE_X64"], single["JAX_ENABLE_X64"]) == ("1", "0")
    assert double["JAX_PLATFORMS"] == "cpu"
    assert "JAX_PLATFORMS" not in single


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the platform cannot bind")
def test_pin_leaves_one_core():
    """A pinned process may run on one core only, and its children too."""
    program = (
        "from benchmarks import machine; import os, subprocess, sys; machine.pin(None);"
        "print(subprocess.run([sys.executable, '-c',"
        "'import os; print(len(os.sched_getaffinity(0)))'],"
        "capture_output=True, text=True).stdout)"
    )
    root = os.path.dirname(os.path.dirname(machine.__file__))
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=root, check=True
    )
    assert ran.stdout.strip() == "1"


def test_description_names_versions():
    """The header holds the versions of installed packages and none of absent ones."""
    header = machine.describe(3, "wall")
    assert header["core"] == 3
    assert header["versions"]["torch"]
    assert set(header["versions"]) <= set(machine.PACKAGES)
