"""Assessments of the user's own: what redqubit measured, read from a folder of runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from redqubit.assess.store import EVIDENCE
from redqubit.core import record
from redqubit.core.errors import InputError
from redqubit.core.evidence import SCHEMA_VERSION, Evidence
from redqubit.killchain import document
from redqubit.report.markup import slug


@dataclass(frozen=True)
class Run:
    """One assessment: the name of its folder and what it measured."""

    name: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Own:
    """A measurement of a technique and the name of the run that made it."""

    run: str
    evidence: Evidence


def read(folder: Path) -> tuple[Run, ...]:
    """Read every run in a folder, or the folder itself if it is one, sorted by name.

    Raises
    ------
    InputError
        A file of evidence cannot be read; the message names file and line.
    """
    found = sorted({*folder.glob(EVIDENCE), *folder.glob(f"*/{EVIDENCE}")})
    return tuple(Run(path.parent.name, _evidence(path)) for path in found)


def _evidence(path: Path) -> tuple[Evidence, ...]:
    """Return the newest record of every id; what follows the last newline is half-written."""
    found: dict[str, Evidence] = {}
    for line, text in enumerate(document.text(path).split("\n")[:-1], start=1):
        where = f"{path} line {line}"
        source = document.parse(text, where, "json")
        schema = source.data.get("schema") if isinstance(source.data, dict) else None
        if schema != SCHEMA_VERSION:
            raise InputError(
                f"{where} has schema {schema!r}; this version reads schema {SCHEMA_VERSION}"
            )
        item = record.from_json(Evidence, source.data, where)
        found[item.id] = item
    return tuple(found.values())


def address(name: str) -> str:
    """Return the path of the page of a run, from the root of the site."""
    return f"assessments/{slug(name)}.html"


def state(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what changes when a run is added or goes on: files of evidence, times and sizes."""
    found = {*folder.glob(EVIDENCE), *folder.glob(f"*/{EVIDENCE}")}
    stats = ((str(path), path.stat()) for path in sorted(found))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


def by_technique(runs: Iterable[Run]) -> Mapping[str, tuple[Own, ...]]:
    """Return the attacks measured for each technique, newest first, undefended before defended."""
    found: defaultdict[str, list[Own]] = defaultdict(list)
    for run in runs:
        for item in run.evidence:
            if item.technique and item.status == "measured" and item.success is not None:
                found[item.technique].append(Own(run.name, item))
    for group in found.values():
        group.sort(key=lambda own: own.evidence.provenance.created, reverse=True)
        group.sort(key=lambda own: own.evidence.defense != "none")
    return {name: tuple(group) for name, group in found.items()}
