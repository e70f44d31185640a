"""The kill chain as CSV tables for spreadsheets and statistics.

Source: RFC 4180. A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a
formula, so text that begins so (or with a tab or line break) gets an apostrophe in front; numbers
stay as they are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from redqubit.killchain.describe import effort, requirement
from redqubit.killchain.model import KillChain, Technique

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
Cell = str | int | float | None


def write(chain: KillChain) -> dict[str, str]:
    """Return the tables by name of file: techniques, mitigations, evidence, sources and edges.

    Several values in one cell are parted by ``; ``. Numbers that are unknown are empty.
    """
    return {
        "techniques.csv": _text(_techniques(chain)),
        "mitigations.csv": _text(_mitigations(chain)),
        "evidence.csv": _text(_evidence(chain)),
        "sources.csv": _text(_sources(chain)),
        "edges.csv": _text(_edges(chain)),
    }


def _text(rows: Iterable[Sequence[Cell]]) -> str:
    made = io.StringIO(newline="")
    writer = csv.writer(made, lineterminator="\r\n")
    for row in rows:
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return made.getvalue()


def guarded(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _list(values: Iterable[str]) -> str:
    return "; ".join(values)


def _techniques(chain: KillChain) -> Iterator[Sequence[Cell]]:
    yield (
        "id",
        "name",
        "parent",
        "tactics",
        "summary",
        "components",
        "assets",
        "actors",
        "knowledge",
        "access",
        "confidentiality",
        "integrity",
        "availability",
        "requires",
        "grants",
        "cost",
        "cost_basis",
        "detectability",
        "hardware",
        "maturity",
        "evidence",
        "mappings",
    )
    for item in chain.techniques:
        yield (
            item.id,
            item.name,
            item.parent,
            _list(item.tactics),
            item.summary,
            _list(item.components),
            _list(item.assets),
            _list(item.actors),
            _list(item.knowledge),
            _list(item.access),
            item.impact.confidentiality,
            item.impact.integrity,
            item.impact.availability,
            requirement(item.requires, chain),
            _list(item.grants),
            effort(item.cost),
            item.cost.basis,
            item.detectability.level,
            _list(item.hardware),
            item.maturity,
            _evidence_ids(item),
            _list(f"{anchor.framework} {anchor.id}" for anchor in item.mappings),
        )


def _evidence_ids(item: Technique) -> str:
    return item.evidence if isinstance(item.evidence, str) else _list(item.evidence)


def _mitigations(chain: KillChain) -> Iterator[Sequence[Cell]]:
    yield ("id", "name", "kind", "summary", "components", "cost", "techniques", "mappings")
    for item in chain.mitigations:
        yield (
            item.id,
            item.name,
            item.kind,
            item.summary,
            _list(item.components),
            item.cost,
            _list(dict.fromkeys(edge.technique for edge in item.mitigates)),
            _list(f"{anchor.framework} {anchor.id}" for anchor in item.mappings),
        )


def _evidence(chain: KillChain) -> Iterator[Sequence[Cell]]:
    names = (
        "id",
        "claim",
        "source",
        "locator",
        "mark",
        "metric",
        "comparator",
        "value",
        "unit",
        "dataset",
        "model",
        "qubits",
        "shots",
        "device",
        "knowledge",
    )
    yield (*names, "contradicts")
    for item in chain.evidence:
        yield (*(getattr(item, name) for name in names), _list(item.contradicts))


def _sources(chain: KillChain) -> Iterator[Sequence[Cell]]:
    yield ("id", "title", "authors", "year", "venue", "arxiv", "doi", "url", "mark")
    for item in chain.sources:
        yield (
            item.id,
            item.title,
            _list(item.authors),
            item.year,
            item.venue,
            item.arxiv,
            item.doi,
            item.url,
            item.mark,
        )


def _edges(chain: KillChain) -> Iterator[Sequence[Cell]]:
    """Yield every tie between two objects; a capability counts as an object."""
    yield ("source", "kind", "target", "strength", "sentence", "evidence")
    for technique in chain.techniques:
        if technique.parent:
            yield (technique.id, "refines", technique.parent, "", "", "")
        for tactic in technique.tactics:
            yield (technique.id, "serves", tactic, "", "", "")
        for word in sorted(technique.requires.words):
            yield (technique.id, "requires", word, "", "", "")
        for word in technique.grants:
            yield (technique.id, "grants", word, "", "", "")
    for item in chain.mitigations:
        for edge in item.mitigates:
            shown = edge.evidence if isinstance(edge.evidence, str) else _list(edge.evidence)
            yield (item.id, "mitigates", edge.technique, edge.strength, edge.sentence, shown)
    for record in chain.evidence:
        yield (record.id, "is published in", record.source, "", "", "")
        for other in record.contradicts:
            yield (record.id, "contradicts", other, "", "", "")
    for case in chain.cases:
        for i, step in enumerate(case.steps, 1):
            yield (case.id, f"step {i}", step.technique, "", step.text, "")
