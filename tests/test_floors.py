"""The floors of the architecture: imports go down only, and the base install stays light."""

import ast
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "redqubit"
FLOORS = {
    "core": 0,
    "killchain": 1,
    "circuits": 1,
    "engine": 2,
    "scan": 2,
    "models": 3,
    "attacks": 5,
    "defenses": 5,
    "certify": 5,
    "assess": 6,
    "report": 6,
    "ci": 7,
    "serve": 7,
    "cli": 8,
    "__main__": 9,
}
BASE = ("core", "killchain", "scan", "ci", "report", "cli", "__main__")
HEAVY = {
    "fastapi",
    "torch",
    "qiskit",
    "qiskit_aer",
    "scipy",
    "sklearn",
    "sympy",
    "dask",
    "distributed",
}
FILES = sorted(SOURCE.rglob("*.py"))


def imports(tree: ast.AST) -> set[str]:
    """Return the dotted names a syntax tree imports, inside functions too."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports hide the floor"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def package(path: Path) -> str:
    """Return the package (or the module) of redqubit a file belongs to; empty for the root."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py").replace("__init__", "")


def without_functions(tree: ast.Module) -> ast.Module:
    """Return the tree without function bodies: what importing the module executes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.body = []
    return tree


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_go_down_only(path: Path) -> None:
    """A package imports itself and lower floors; siblings on a floor do not know each other."""
    here = package(path)
    for name in imports(ast.parse(path.read_text())):
        root, _, rest = name.partition(".")
        there = rest.partition(".")[0]
        if root == "redqubit" and there in FLOORS and there != here:
            allowed = {"core", "killchain"} if here == "report" else FLOORS
            assert FLOORS[there] < FLOORS.get(here, 1), f"{here or 'redqubit'} imports {name}"
            assert there in allowed, f"report reads records only, but imports {name}"


def test_every_package_has_a_floor() -> None:
    """A new package states its floor in the table above."""
    assert {package(path) for path in FILES} <= {*FLOORS, ""}


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if package(path) in {*BASE, ""}],
    ids=lambda path: str(path.relative_to(SOURCE)),
)
def test_base_install_imports_nothing_heavy(path: Path) -> None:
    """What the base install brings imports no simulator, tensor or learning library."""
    tree = ast.parse(path.read_text())
    names = imports(without_functions(tree) if package(path) in ("cli", "scan") else tree)
    assert not {name.partition(".")[0] for name in names} & HEAVY


def test_circuits_do_not_know_torch() -> None:
    """Circuits are qiskit circuits; tensors begin with the engine."""
    for path in (SOURCE / "circuits").rglob("*.py"):
        assert "torch" not in {
            name.partition(".")[0] for name in imports(ast.parse(path.read_text()))
        }


def test_every_import_is_declared() -> None:
    """Each third-party package the source imports is a dependency of redqubit or of an extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    users = ("assess", "cirq", "fuzz", "pennylane", "serve", "sign")
    declared = {
        re.split(r"[^\w-]", item)[0].lower()
        for item in [*project["dependencies"], *(item for name in users for item in extras[name])]
    }
    installed = packages_distributions()
    roots = {
        name.partition(".")[0] for path in FILES for name in imports(ast.parse(path.read_text()))
    }
    for root in roots & installed.keys() - {"redqubit"}:
        names = {name.lower() for name in installed[root]}
        assert names & declared, f"{root} is imported; add one of {sorted(names)} to pyproject.toml"
