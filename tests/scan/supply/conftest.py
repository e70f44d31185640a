"""What the tests of the supply chain share: readers on bytes, hostile pickles, small projects."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from redqubit.scan.finding import Finding, Result
from redqubit.scan.supply import check
from redqubit.scan.supply.content import inspect
from redqubit.scan.supply.data import Context, Data
from redqubit.scan.supply.hit import Hit, Report

Look = Callable[..., list[Report]]


class Command:
    """Pickles to a call of os.system; never loaded here."""

    def __reduce__(self) -> object:
        return os.system, ("true",)


@pytest.fixture
def command() -> Command:
    """Return an object whose pickle would run a command."""
    return Command()


@pytest.fixture
def look() -> Look:
    """Return a function that inspects bytes as a file of some name."""

    def run(
        content: bytes, name: str = "file", allow: frozenset[str] = frozenset()
    ) -> list[Report]:
        return list(inspect(Data.of(content), Context(name, inspect, allow)))

    return run


@pytest.fixture
def rules(look: Look) -> Callable[..., list[tuple[str, str]]]:
    """Return a function that gives (rule, severity) of what is found in bytes."""

    def run(content: bytes, name: str = "file") -> list[tuple[str, str]]:
        return [(hit.rule, hit.severity) for hit in look(content, name) if isinstance(hit, Hit)]

    return run


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Result]:
    """Return a function that writes files and checks the folder."""

    def run(files: dict[str, str | bytes], **options: object) -> Result:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return check([tmp_path], root=tmp_path, **options)  # type: ignore[arg-type]

    return run


@pytest.fixture
def requirements(project: Callable[..., Result]) -> Callable[[str], tuple[Finding, ...]]:
    """Return a function that gives the findings in a requirements.txt."""
    return lambda text: project({"requirements.txt": text}).findings
