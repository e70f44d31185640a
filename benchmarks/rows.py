"""One row a contender and size; the results file is a list of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from redqubit.core.record import from_json


@dataclass(frozen=True)
class Row:
    """What was measured, or why it was not.

    Parameters
    ----------
    case
        Name of the case in `benchmarks.cases.CASES`.
    n, batch
        Qubits and samples.
    dtype
        ``complex64`` or ``complex128``; Pauli-transfer programs use the real type of that width.
    engine
        Who did the work.
    median_ms, min_ms
        Milliseconds a call; None where it did not run.
    compile_s
        Seconds from nothing to the first result, minus one warm call.
    max_error
        Largest deviation from the reference over every output, each output scaled by its largest
        entry; None where nothing could be compared.
    device
        ``cpu`` or the name of the accelerator.
    repeats
        Timed calls.
    reason
        Why there is no time; empty where there is one.
    note
        What a reader must know about the time (an extrapolation, an inner loop).
    """

    case: str
    n: int
    batch: int
    dtype: str
    engine: str
    median_ms: float | None = None
    min_ms: float | None = None
    compile_s: float | None = None
    max_error: float | None = None
    device: str = "cpu"
    repeats: int = 0
    reason: str = ""
    note: str = ""

    @property
    def key(self) -> tuple[str, int, int, str, str, str]:
        """Return what makes a row unique in the results."""
        return (self.case, self.n, self.batch, self.dtype, self.engine, self.device)


def load(path: Path) -> list[Row]:
    """Read a results file; an absent file holds no rows."""
    if not path.exists():
        return []
    return [from_json(Row, entry) for entry in json.loads(path.read_text(encoding="utf-8"))]


def store(path: Path, rows: Iterable[Row]) -> None:
    """Write a results file, one row a line, so that a changed number is one line of a diff."""
    lines = ",\n".join(json.dumps(asdict(row), ensure_ascii=False) for row in rows)
    path.write_text(f"[\n{lines}\n]\n" if lines else "[]\n", encoding="utf-8")


def merge(old: Iterable[Row], new: Iterable[Row]) -> list[Row]:
    """Return the old rows with those replaced that were measured again, new sizes at the end."""
    merged = {row.key: row for row in old}
    merged.update({row.key: row for row in new})
    return list(merged.values())
