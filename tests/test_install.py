"""The base install is small and starts without the libraries of the extras."""

import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from redqubit.core.estimate import Rate
from redqubit.core.evidence import Evidence, Provenance
from redqubit.core.record import canonical

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


WITHOUT_EXTRAS = f"""
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {HEAVY}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
from redqubit.cli import main
main()
"""


def run_without_extras(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as if only the base install were there."""
    command = [sys.executable, "-c", WITHOUT_EXTRAS, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize(
    "arguments",
    [("assess",), ("plan",), ("attack", "quid"), ("list", "attacks"), ("list", "encoders")],
    ids=" ".join,
)
def test_a_missing_extra_is_one_sentence(arguments: tuple[str, ...]) -> None:
    """A command that needs an extra says which, in one line, and exits with 2."""
    done = run_without_extras(*arguments)
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "pip install 'redqubit[assess]'" in done.stderr


@pytest.mark.parametrize(
    "arguments", [("list", "techniques"), ("--help",), ("--version",)], ids=" ".join
)
def test_the_base_install_does_what_needs_no_simulator(arguments: tuple[str, ...]) -> None:
    """The kill chain and the help need no extra."""
    done = run_without_extras(*arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize("form", ["table", "md", "html", "sarif", "junit", "json", "jsonl"])
def test_the_base_install_renders_reports(form: str, tmp_path: Path) -> None:
    """Evidence can be read and rendered where nothing can be simulated."""
    provenance = Provenance(7, {"redqubit": "0"}, "ideal simulation", "2026-01-01T00:00:00+00:00")
    evidence = Evidence(
        "0", "evasion", "QML.T0012", "square", "measured", provenance, success=Rate(40, 100)
    )
    (tmp_path / "evidence.jsonl").write_text(canonical(evidence) + "\n")
    done = run_without_extras("report", str(tmp_path), "--format", form)
    assert done.returncode == 0, done.stderr
    assert "square" in done.stdout.lower()
