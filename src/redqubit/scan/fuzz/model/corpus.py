"""What a campaign on a model keeps in a folder: failing rows, and the draws that go with them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from redqubit.core.errors import InputError
from redqubit.killchain.document import read
from redqubit.scan.finding import Skipped
from redqubit.scan.fuzz.model.model import Array

_KEYS: Final = {"oracle", "detail", "seed", "draw", "rows"}
_WORDS: Final = ("nan", "inf", "-inf")


@dataclass(frozen=True, slots=True)
class Case:
    """Rows, shape (n, features), on which a model broke the relation of an oracle.

    ``seed`` and ``draw`` name the random stream of what the oracle chose beside them.
    """

    oracle: str
    seed: int
    draw: int
    rows: Array


def write(folder: Path, case: Case, detail: str) -> None:
    """Store a case as ``<oracle>.json``; ``detail`` is for people."""
    folder.mkdir(parents=True, exist_ok=True)
    record: dict[str, Any] = {
        "oracle": case.oracle,
        "detail": detail,
        "seed": case.seed,
        "draw": case.draw,
        "rows": plain(case.rows),
    }
    (folder / f"{case.oracle}.json").write_text(json.dumps(record, indent=1) + "\n")


def stored(folder: Path, features: int) -> tuple[dict[str, Case], list[Skipped]]:
    """Return the cases of earlier runs by oracle, and the files that cannot be read.

    Raises
    ------
    InputError
        The folder is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"the corpus is a folder, but {folder} is a file; name another path")
    good, bad = {}, []
    for path in sorted(folder.glob("M*.json")):
        try:
            case = _case(read(path).data, features)
            good[case.oracle] = case
        except InputError as error:
            bad.append(Skipped(path.name, str(error)))
    return good, bad


def _case(data: Any, features: int) -> Case:
    if not isinstance(data, dict) or set(data) != _KEYS:
        raise InputError(f"a stored case has exactly the keys {', '.join(sorted(_KEYS))}")
    seed, draw, rows = data["seed"], data["draw"], data["rows"]
    if not all(type(number) is int and number >= 0 for number in (seed, draw)):
        raise InputError("seed and draw of a stored case are whole numbers of at least 0")
    if not isinstance(rows, list) or not rows or not all(_row(row, features) for row in rows):
        raise InputError(f"rows of a stored case are lists of {features} numbers")
    return Case(str(data["oracle"]), seed, draw, np.array(rows, dtype=np.float64))


def _row(row: Any, features: int) -> bool:
    return (
        isinstance(row, list)
        and len(row) == features
        and all(type(value) in (int, float) or value in _WORDS for value in row)
    )


def plain(rows: Array) -> list[list[float | str]]:
    """Return rows as JSON numbers; NaN and infinities, which JSON has not, as text."""
    return [
        [float(value) if np.isfinite(value) else str(float(value)) for value in row] for row in rows
    ]
