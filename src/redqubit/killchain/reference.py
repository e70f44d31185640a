"""What points where in a kill chain: identifiers used twice, and references that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redqubit.core.errors import nearest
from redqubit.killchain.document import Document
from redqubit.killchain.model import Executable, Tactic

Entry = tuple[str, Iterable[str], str]  # (key of the object, ids it names, kind they must have)


@dataclass(frozen=True)
class Placed:
    """An object with the document it came from and its path there."""

    source: Document
    item: Any
    path: str = ""

    def problem(self, message: str, key: str = "") -> str:
        """Return a sentence that names file, line and key."""
        inner = f"{self.path}.{key}".strip(".") if key else self.path
        return str(self.source.error(message, inner))


def repeated(kinds: Mapping[str, Sequence[Placed]]) -> Iterator[str]:
    """Yield a sentence for every id, name or order that two objects of a kind share."""
    for placed in kinds.values():
        seen: dict[str, str] = {}
        named: dict[str, str] = {}
        orders: dict[int, str] = {}
        for entry in placed:
            item = entry.item
            if isinstance(item, Executable):
                continue  # several attacks may run one technique
            if item.id in seen:
                message = f"the id {item.id} is already used in {seen[item.id]}"
                yield entry.problem(message, "id")
            seen[item.id] = entry.source.where
            key = "title" if hasattr(item, "title") else "name"
            title = str(getattr(item, key, item.id)).casefold()
            if title in named:
                yield entry.problem(f"{item.id} has the same {key} as {named[title]}", key)
            named[title] = item.id
            if isinstance(item, Tactic):
                if item.order in orders:
                    message = f"{item.id} has the same order as {orders[item.order]}"
                    yield entry.problem(message, "order")
                orders[item.order] = item.id


def dangling(kinds: Mapping[str, Sequence[Placed]]) -> Iterator[str]:
    """Yield a sentence for every reference to something that does not exist."""
    ids = {kind: {entry.item.id for entry in placed} for kind, placed in kinds.items()}
    for kind, placed in kinds.items():
        for entry in placed:
            for key, names, wanted in _references(kind, entry.item):
                for name in names:
                    if name not in ids[wanted]:
                        hint = nearest(name, ids[wanted])
                        yield entry.problem(f"{name!r} is not one of the {wanted}{hint}", key)
    obtainable = {name for entry in kinds["techniques"] for name in entry.item.grants}
    obtainable |= {entry.item.id for entry in kinds["capabilities"] if entry.item.given}
    for entry in kinds["techniques"]:
        wanted_words = entry.item.requires.words & ids["capabilities"]
        for name in sorted(wanted_words - obtainable):
            yield entry.problem(
                f"requires {name!r}, which no technique grants; grant it or mark it 'given'",
                "requires",
            )


def _references(kind: str, item: Any) -> Iterator[Entry]:
    """Yield every reference an object makes."""
    match kind:
        case "techniques":
            yield "id", [item.parent] if item.parent else [], "techniques"
            for name in ("tactics", "components", "assets", "actors"):
                yield name, getattr(item, name), name
            yield "grants", item.grants, "capabilities"
            yield "requires", sorted(item.requires.words), "capabilities"
            yield "applies", sorted(item.applies.words), "traits"
            yield "evidence", _ids(item.evidence), "evidence"
        case "mitigations":
            yield "components", item.components, "components"
            for i, edge in enumerate(item.mitigates):
                yield f"mitigates[{i}].technique", [edge.technique], "techniques"
                yield f"mitigates[{i}].evidence", _ids(edge.evidence), "evidence"
        case "evidence":
            yield "source", [item.source], "sources"
            yield "contradicts", item.contradicts, "evidence"
        case "cases":
            for i, step in enumerate(item.steps):
                yield f"steps[{i}].tactic", [step.tactic], "tactics"
                yield f"steps[{i}].technique", [step.technique], "techniques"
            yield "sources", item.sources, "sources"
        case "claims":
            yield "sources", _ids(item.sources), "sources"
            yield "evidence", item.evidence, "evidence"
            yield "techniques", item.techniques, "techniques"
            yield "mitigations", item.mitigations, "mitigations"
        case "challenges":
            for name in ("techniques", "mitigations", "sources"):
                yield name, getattr(item, name), name
        case "actors":
            for i, start in enumerate(item.starts):
                yield f"starts[{i}].capability", [start.capability], "capabilities"
                yield f"starts[{i}].when", sorted(start.when.words), "traits"
        case "executables":
            wanted = "mitigations" if item.kind == "defense" else "techniques"
            yield "id", [item.id], wanted


def _ids(evidence: tuple[str, ...] | str) -> tuple[str, ...]:
    return () if isinstance(evidence, str) else evidence
