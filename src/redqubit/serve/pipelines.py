"""Descriptions of pipelines: the examples that ship with redqubit, and those in a folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from redqubit.core.errors import InputError
from redqubit.killchain import document, system
from redqubit.killchain.model import KillChain
from redqubit.killchain.system import EXAMPLES, Pipeline

NAME: Final = "pipeline"
PATTERNS: Final = ("*.yaml", "*.yml", f"{NAME}*.json", f"*/{NAME}*.yaml", f"*/{NAME}*.json")


@dataclass(frozen=True)
class Described:
    """A pipeline, the stem of its file, and whether it is one of the examples."""

    id: str
    pipeline: Pipeline
    example: bool = False


def examples(chain: KillChain) -> tuple[Described, ...]:
    """Return the example pipelines, sorted by file name."""
    found = sorted(EXAMPLES.glob("*.yaml"))
    return tuple(Described(path.stem, system.read(path, chain), True) for path in found)


def read(folder: Path, chain: KillChain) -> tuple[Described, ...]:
    """Read the descriptions of pipelines in a folder and its folders of runs, sorted by path.

    Other files are passed over: a description is a mapping with a name and components.

    Raises
    ------
    InputError
        A description has a mistake, or a file named for a pipeline cannot be read; the message
        names file, line and key.
    """
    found: dict[str, Described] = {}
    for path in paths(folder):
        try:
            source = document.read(path)
        except InputError:
            if path.name.startswith(NAME):
                raise
            continue  # somebody else's YAML
        if isinstance(source.data, Mapping) and {"name", "components"} <= set(source.data):
            name = path.relative_to(folder).with_suffix("").as_posix()
            found[name] = Described(name, system.check(source, chain))
    return tuple(found.values())


def paths(folder: Path) -> list[Path]:
    """Return the files of a folder that may describe a pipeline."""
    return sorted({path for pattern in PATTERNS for path in folder.glob(pattern)})
