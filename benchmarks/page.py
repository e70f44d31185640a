"""The page of the documentation, generated from the rows: goals, tables, charts, gaps."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.cases import CASES, OWN, PRECISIONS, Case
from benchmarks.chart import Line, draw
from benchmarks.goals import all_goals, number, ratio
from benchmarks.rows import Row

NOTES = Path(__file__).resolve().parent / "notes"

INTRODUCTION = """\
# Benchmarks

How fast the engine is beside its peers: the same work, the same numbers, the same precision, one
pinned core, one process. Every result is first compared with a plain gate-by-gate simulation in
complex128 that shares no code with any contender; one that disagrees is an error and gets no row.

Run it with `make bench`, or parts of it with `python -m benchmarks --case w1 --only jax`. The rows
are in `benchmarks/results.json`; this page is generated from them.

**Method.** Each size and precision gets a fresh process bound to one core with one thread.
Contenders are built and called once (that call's time is listed apart as first call: compilation,
tracing, caching), then take turns over nine rounds, so that a busy moment of the machine hits all
of them; garbage collection is off meanwhile. A cell shows the median and, in brackets, the minimum
in milliseconds; a factor such as 3.5x says how many times faster redqubit is in the same process
(below 1: slower). Compare within a table only.
"""


def write(rows: Sequence[Row], header: Mapping[str, Any], docs: Path) -> None:
    """Write the page and its charts below ``docs``."""
    (docs / "benchmarks").mkdir(parents=True, exist_ok=True)
    for name, text in charts(rows).items():
        (docs / "benchmarks" / name).write_text(text, encoding="utf-8")
    (docs / "benchmarks.md").write_text(render(rows, header), encoding="utf-8")


def render(rows: Sequence[Row], header: Mapping[str, Any]) -> str:
    """Return the page as Markdown."""
    parts = [INTRODUCTION, _machine(rows, header), _goals(rows)]
    drawn = charts(rows)
    for case in CASES.values():
        mine = [row for row in rows if row.case == case.name]
        if not mine:
            continue
        parts.append(f"## {case.title}\n")
        parts += [
            f"![{_alternative(case, dtype)}](benchmarks/{name})\n"
            for dtype in PRECISIONS
            if (name := _chart_name(case.name, dtype)) in drawn
        ]
        parts.append(_growth(mine) if case.together else _tables(case, mine))
        note = NOTES / f"{case.name}.md"
        if note.exists():
            parts.append(note.read_text(encoding="utf-8"))
    return "\n".join(parts).rstrip() + "\n"


def summary(rows: Sequence[Row]) -> str:
    """Return goals and rows as plain text for the terminal."""
    lines = [
        f"{row.case:<12} n={row.n:<3} batch={row.batch:<5} {row.dtype:<10} {row.engine:<34} "
        + (
            f"{number(row.median_ms):>9} ms [{number(row.min_ms)}]  error {_error(row)}"
            if row.median_ms is not None
            else f"        – {row.reason}"
        )
        for row in rows
    ]
    for goal in all_goals():
        finding = goal.measure(rows)
        if finding is not None:
            verdict = "met" if goal.met(finding) else "NOT MET"
            lines.append(
                f"{verdict:<8} {goal.text}: {number(finding.value)} [{number(finding.by_minimum)}]"
                f", wanted {goal.wanted}; {finding.detail}"
            )
    return "\n".join(lines)


def _error(row: Row) -> str:
    return "–" if row.max_error is None else f"{row.max_error:.0e}"


def charts(rows: Sequence[Row]) -> dict[str, str]:
    """Return the SVG charts by file name: W1 in each precision, where two sizes were timed."""
    drawn = {}
    for dtype in PRECISIONS:
        case = CASES["w1"]
        lines = []
        for engine in [entrant.engine for entrant in case.entrants]:
            points = tuple(
                (float(row.n), row.median_ms)
                for row in sorted(rows, key=lambda row: row.n)
                if (row.case, row.dtype, row.engine, row.device) == ("w1", dtype, engine, "cpu")
                and row.median_ms is not None
            )
            if len(points) > 1:  # one size makes no line; the table has it
                lines.append(Line(engine, points, own=engine == OWN))
        if lines:
            drawn[_chart_name("w1", dtype)] = draw(
                f"Training step, batch 128, {dtype}",
                "qubits",
                "milliseconds a step (median, logarithmic)",
                lines,
                _alternative(case, dtype),
            )
    return drawn


def _chart_name(case: str, dtype: str) -> str:
    return f"{case}-{dtype}.svg"


def _alternative(case: Case, dtype: str) -> str:
    return f"{case.title}, {dtype}: milliseconds by qubits; the numbers are in the table below"


def _machine(rows: Sequence[Row], header: Mapping[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in header["versions"].items())
    accelerators = sorted({row.device for row in rows} - {"cpu"})
    graphics = (
        f"GPU figures were taken on {', '.join(accelerators)}."
        if accelerators
        else "No CUDA device was at hand: **GPU figures are unmeasured.**"
    )
    load = f", load {header['load']} at the start" if header.get("load") is not None else ""
    clock = "" if header["clock"] == "wall" else f" Times are {header['clock']} time."
    return (
        f"**Machine.** {header['processor']}, {header['cores']} cores, core {header['core']} used"
        f"{load}; {header['system']}, Python {header['python']}; {header['date']}. {versions}. "
        f"{graphics}{clock}\n"
    )


def _goals(rows: Sequence[Row]) -> str:
    table = [
        "## Goals\n",
        "Judged by medians; the factor by minima, in brackets, is less sensitive to a busy machine."
        "\n",
        "| Compared with | Wanted | Measured | | |",
        "|---|---:|---:|---|---|",
    ]
    for goal in all_goals():
        finding = goal.measure(rows)
        if finding is None:
            table.append(f"| {goal.text} | {goal.wanted} | – | not measured | |")
            continue
        unit = " ms" if goal.wanted.endswith("ms") else "x"
        verdict = "met" if goal.met(finding) else "**not met**"
        measured = f"{number(finding.value)}{unit} [{number(finding.by_minimum)}{unit}]"
        table.append(f"| {goal.text} | {goal.wanted} | {measured} | {verdict} | {finding.detail} |")
    return "\n".join(table) + "\n"


def _tables(case: Case, rows: Sequence[Row]) -> str:
    parts = []
    for device in _in_order(row.device for row in rows):
        for dtype in PRECISIONS:
            chosen = [row for row in rows if (row.dtype, row.device) == (dtype, device)]
            if chosen:
                parts.append(_table(case, dtype, device, chosen))
    parts.append(_left_out(rows))
    return "\n".join(parts)


def _table(case: Case, dtype: str, device: str, rows: Sequence[Row]) -> str:
    sizes = sorted({(row.n, row.batch) for row in rows})
    batches = {batch for _, batch in sizes}
    heads = [f"n = {n}" if len(batches) == 1 else f"n = {n}, batch {b}" for n, b in sizes]
    where = "" if device == "cpu" else f" on {device}"
    table = [
        f"| {dtype}{where} | {' | '.join(heads)} | first call (s) | deviation |",
        "|---|" + "---:|" * (len(sizes) + 2),
    ]
    by_size = {(row.engine, row.n, row.batch): row for row in rows if row.median_ms is not None}
    own = case.entrants[0].engine
    notes: list[str] = []
    for engine in _in_order(row.engine for row in rows):
        mine = [by_size.get((engine, n, batch)) for n, batch in sizes]
        timed = [row for row in mine if row is not None]
        if not timed:
            continue
        cells = [
            _cell(row, None if engine == own else by_size.get((own, *size)))
            for row, size in zip(mine, sizes, strict=True)
        ]
        first = " / ".join(number(row.compile_s) if row else "–" for row in mine)
        errors = [row.max_error for row in timed if row.max_error is not None]
        error = f"{max(errors):.0e}" if errors else "–"
        name = f"**{engine}**" if engine.startswith(OWN) else engine
        table.append(f"| {name} | {' | '.join(cells)} | {first} | {error} |")
        notes += [f"{engine}: {row.note}" for row in timed if row.note]
    lines = [*table, "", *(f"{note}.\n" for note in _in_order(notes))]
    return "\n".join(lines)


def _cell(row: Row | None, ours: Row | None) -> str:
    if row is None:
        return "–"
    text = f"{number(row.median_ms)} [{number(row.min_ms)}]"
    factors = ratio(row, ours)
    return f"{text} {number(factors[0])}x" if factors else text


def _left_out(rows: Sequence[Row]) -> str:
    """Return the list of what did not run and why."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row.median_ms is None:
            size = f"n = {row.n}"
            if row.reason.startswith(("computes in", "its torch", "PennyLane computes")):
                size = row.dtype
            sizes = reasons.setdefault((row.engine, row.reason), [])
            if size not in sizes:
                sizes.append(size)
    if not reasons:
        return ""
    lines = [f"- {engine}, {', '.join(s)}: {reason}" for (engine, reason), s in reasons.items()]
    return "\n".join(["Not run:\n", *lines, ""])


def _growth(rows: Sequence[Row]) -> str:
    """Return step times along the batch and along the qubits, each with the factor to the next."""
    parts = []
    for dtype in PRECISIONS:
        chosen = [
            row
            for row in rows
            if row.dtype == dtype and row.device == "cpu" and row.median_ms is not None
        ]
        counts: dict[int, int] = {}
        for row in chosen:
            counts[row.n] = counts.get(row.n, 0) + 1
        if not chosen:
            continue
        fixed = max(counts, key=lambda n: counts[n])
        along = sorted((row for row in chosen if row.n == fixed), key=lambda row: row.batch)
        common = 128 if any(row.batch == 128 for row in chosen) else chosen[-1].batch
        up = sorted((row for row in chosen if row.batch == common), key=lambda row: row.n)
        parts.append(_series(f"batch, n = {fixed}, {dtype}", [(r.batch, r) for r in along]))
        parts.append(_series(f"qubits, batch {common}, {dtype}", [(r.n, r) for r in up]))
    return "\n".join(parts)


def _series(name: str, points: Sequence[tuple[int, Row]]) -> str:
    steps = ["–"]
    for (position, row), (following, after) in itertools.pairwise(points):
        factor = ratio(after, row)
        if factor is None:
            steps.append("–")
            continue
        # Per added qubit, also where the table skips odd numbers.
        power = 1 if name.startswith("batch") else following - position
        steps.append(f"{factor[1] ** (1 / power):.2f}x")
    kind = "per doubling" if name.startswith("batch") else "per qubit"
    cells = [f"{number(row.median_ms)} [{number(row.min_ms)}]" for _, row in points]
    return "\n".join(
        [
            f"| {name} | {' | '.join(str(position) for position, _ in points)} |",
            "|---|" + "---:|" * len(points),
            f"| ms a step | {' | '.join(cells)} |",
            f"| {kind}, by minima | {' | '.join(steps)} |",
            "",
        ]
    )


def _in_order(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
