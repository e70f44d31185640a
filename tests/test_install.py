"""The base install is small and starts without the libraries of the extras."""

import subprocess
import sys
from importlib.metadata import distribution

from packaging.requirements import Requirement

HEAVY = ("torch", "qiskit", "scipy", "sklearn", "sympy", "dask", "distributed", "pennylane")
SHOW_HELP = """
import sys
from redqubit.cli import main
sys.argv = ["redqubit", "--help"]
try:
    main()
except SystemExit as stop:
    assert not stop.code, stop.code
print("loaded:", *sorted({name.partition(".")[0] for name in sys.modules}))
"""


def closure(name: str) -> set[str]:
    """Return the distributions that installing ``name`` without extras brings, itself included."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            needed = map(Requirement, distribution(name).requires or ())
            waiting += [
                item.name.lower()
                for item in needed
                if not item.marker or item.marker.evaluate({"extra": ""})
            ]
    return found


def size(name: str) -> int:
    """Return the bytes a distribution's RECORD lists."""
    return sum(file.size or 0 for file in distribution(name).files or ())


def test_base_install_is_below_150_megabytes() -> None:
    """What `pip install redqubit` unpacks stays below 150 MB."""
    sizes = {name: size(name) for name in closure("redqubit")}
    assert sum(sizes.values()) < 150e6, sizes


def test_base_install_has_no_simulator() -> None:
    """The closure of the base dependencies names none of the extras' libraries."""
    assert not closure("redqubit") & {"torch", "qiskit", "scipy", "scikit-learn", "dask"}


def test_help_loads_nothing_heavy() -> None:
    """`redqubit --help` starts fast because it loads none of the extras' libraries."""
    shown = subprocess.run(
        [sys.executable, "-c", SHOW_HELP], capture_output=True, text=True, check=True, timeout=60
    )
    *_, loaded = shown.stdout.splitlines()
    assert loaded.startswith("loaded:")
    assert not set(loaded.split()) & set(HEAVY)
