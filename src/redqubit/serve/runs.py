"""Assessments of the user's own: what redqubit measured, read from a folder of runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from redqubit.assess.store import EVIDENCE, Store
from redqubit.core.evidence import Evidence


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
    return tuple(Run(path.parent.name, tuple(Store(path.parent).read())) for path in found)


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
