"""The speed the engine is built for, and whether the recorded rows reach it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.cases import OWN, PRECISIONS
from benchmarks.rows import Row

ART = "ART on PennyLane TorchLayer"
MIXED = "PennyLane default.mixed torch"
AER = "Qiskit Aer density_matrix"
PRODUCT = "one matrix product"


@dataclass(frozen=True)
class Finding:
    """What the rows say about a goal: the value, both from medians and from minima."""

    value: float
    by_minimum: float
    detail: str


@dataclass(frozen=True)
class Goal:
    """A number to reach.

    Parameters
    ----------
    text
        What is compared with what.
    target
        A factor, or milliseconds.
    at_least
        True where larger is better.
    measure
        Rows to finding; None where a row is missing.
    """

    text: str
    target: float
    at_least: bool
    measure: Callable[[Sequence[Row]], Finding | None]

    @property
    def wanted(self) -> str:
        """Return the target as a reader says it."""
        if self.at_least:
            return f"≥ {self.target:,.0f}x"
        return f"≤ {self.target:,.0f} ms" if self.target >= 100 else f"≤ {self.target:g}x"

    def met(self, finding: Finding | None) -> bool | None:
        """Judge by medians; None where nothing was measured."""
        if finding is None:
            return None
        if self.at_least:
            return finding.value >= self.target
        return finding.value <= self.target


def all_goals() -> list[Goal]:
    """Return every goal in the order of the page."""
    goals = []
    for dtype in PRECISIONS:
        for n, factor in ((4, 1), (8, 5), (10, 10), (12, 10)):
            goals.append(_faster(f"W1, n = {n}, {dtype}: best peer", factor, "w1", n, 128, dtype))
    for n, factor in ((4, 50), (6, 200)):
        text = f"W2, n = {n}, complex128: default.mixed (torch)"
        goals.append(_faster(text, factor, "w2", n, 64, "complex128", peer=MIXED))
    for dtype in PRECISIONS:
        text = f"frozen noisy evaluation, n = 8, {dtype}: Aer density_matrix"
        own = f"{OWN} frozen"
        goals.append(_faster(text, 1000, "closed_form", 8, 64, dtype, own=own, peer=AER))
    goals += [_product_goal(n) for n in (4, 8, 10)]
    for n, batch in ((4, 32), (4, 128), (8, 32)):
        text = f"W4, n = {n}, batch {batch}, complex64: one model after another"
        own, loop = f"{OWN} model axis", f"{OWN} loop"
        goals.append(_faster(text, 3, "w4", n, batch, "complex64", own=own, peer=loop))
    goals += [_second_goal(dtype) for dtype in PRECISIONS]
    text = "PGD, n = 8, complex128: ART on a PennyLane TorchLayer"
    goals.append(_faster(text, 50, "pgd", 8, 1000, "complex128", peer=ART))
    return goals


def find(rows: Sequence[Row], case: str, n: int, batch: int, dtype: str, engine: str) -> Row | None:
    """Return the timed processor row of an engine, or None."""
    for row in rows:
        same = (row.case, row.n, row.batch, row.dtype) == (case, n, batch, dtype)
        if same and row.engine == engine and row.device == "cpu" and row.median_ms is not None:
            return row
    return None


def best_peer(rows: Sequence[Row], case: str, n: int, batch: int, dtype: str) -> Row | None:
    """Return the fastest row that is not ours."""
    names = {row.engine for row in rows if not row.engine.startswith(OWN)}
    found = [find(rows, case, n, batch, dtype, name) for name in names]
    timed = [row for row in found if row is not None]
    return min(timed, key=lambda row: row.median_ms or 0.0, default=None)


def ratio(slow: Row | None, fast: Row | None) -> tuple[float, float] | None:
    """Return how many times faster ``fast`` is, by medians and by minima."""
    if slow is None or fast is None:
        return None
    assert slow.median_ms is not None
    assert slow.min_ms is not None
    if not fast.median_ms or not fast.min_ms:
        return None
    return slow.median_ms / fast.median_ms, slow.min_ms / fast.min_ms


def _faster(
    text: str,
    target: float,
    case: str,
    n: int,
    batch: int,
    dtype: str,
    own: str = OWN,
    peer: str | None = None,
) -> Goal:
    def measure(rows: Sequence[Row]) -> Finding | None:
        ours = find(rows, case, n, batch, dtype, own)
        if peer is None:
            other = best_peer(rows, case, n, batch, dtype)
        else:
            other = find(rows, case, n, batch, dtype, peer)
        factors = ratio(other, ours)
        if factors is None or other is None or ours is None:
            return None
        return Finding(
            *factors, f"{milliseconds(ours)} against {milliseconds(other)} ({other.engine})"
        )

    return Goal(text, target, True, measure)


def _product_goal(n: int) -> Goal:
    def measure(rows: Sequence[Row]) -> Finding | None:
        ours = find(rows, "w3", n, 1000, "complex128", f"{OWN} any encoder")
        product = find(rows, "w3", n, 1000, "complex128", PRODUCT)
        factors = ratio(ours, product)
        if factors is None or ours is None or product is None:
            return None
        return Finding(*factors, f"{milliseconds(ours)} against {milliseconds(product)}")

    text = f"W3, n = {n}, complex128: time over that of one matrix product"
    return Goal(text, 2, False, measure)


def _second_goal(dtype: str) -> Goal:
    def measure(rows: Sequence[Row]) -> Finding | None:
        ours = find(rows, "pgd", 8, 1000, dtype, OWN)
        if ours is None or ours.median_ms is None or ours.min_ms is None:
            return None
        return Finding(ours.median_ms, ours.min_ms, milliseconds(ours))

    return Goal(f"PGD, n = 8, {dtype}: under a second", 1000, False, measure)


def milliseconds(row: Row) -> str:
    """Return the median with a sensible number of digits and its unit."""
    return f"{number(row.median_ms)} ms"


def number(value: float | None) -> str:
    """Return three significant digits, thousands separated."""
    if value is None:
        return "–"
    if value >= 1000:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"
