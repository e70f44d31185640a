"""The base install is small and starts without the libraries of the extras."""

import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "redqubit"
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


def test_the_wheel_carries_every_data_file() -> None:
    """Each file under src is code or matches a pattern of the package data."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    endings = {
        Path(item).suffix or Path(item).name
        for item in tools["setuptools"]["package-data"]["redqubit"]
    }
    files = [
        file for file in SOURCE.rglob("*") if file.is_file() and "__pycache__" not in file.parts
    ]
    forgotten = {file.suffix or file.name for file in files} - {".py", ".typed", *endings}
    assert not forgotten, f"add {forgotten} to package-data in pyproject.toml"
