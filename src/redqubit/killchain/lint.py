"""What a reviewer would object to in a kill chain: one short rule for each objection."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from redqubit.core import record
from redqubit.core.errors import InputError
from redqubit.killchain.load import DATA, gather
from redqubit.killchain.model import Anchor
from redqubit.killchain.reference import Placed
from redqubit.killchain.system import Pipeline

Level = Literal["error", "warning", "gap"]
Kinds = Mapping[str, Sequence[Placed]]
Objection = tuple[Level, Placed, str, str]  # (level, object, key, sentence)

IDENTIFIERS: Final = {
    "ATLAS": r"AML\.(TA?|M|CS)\d{4}(\.\d{3})?",
    "ATT&CK": r"(T\d{4}(\.\d{3})?|TA\d{4}|M\d{4})",
    "OWASP QS": r"QS\d{2}",
    "CWE": r"CWE-\d+",
    "CAPEC": r"CAPEC-\d+",
    "D3FEND": r"D3-[A-Z]+",
}
HOW: Final = 150  # characters below which a description explains nothing
RANK: Final = {"V": 3, "O": 3, "V2": 2, "M": 1}


@dataclass(frozen=True)
class Problem:
    """An objection; ``place`` is file and line, ``key`` the entry meant."""

    level: Level
    rule: str
    place: str
    key: str
    message: str


def lint(folder: Path = DATA) -> tuple[Problem, ...]:
    """Return every objection to a kill chain, errors first; gaps are honest holes, not mistakes."""
    placed, broken = gather(folder)
    if broken:
        return tuple(_schema(sentence) for sentence in broken)
    found = [
        Problem(level, rule.__name__.strip("_").replace("_", "-"), place, key, sentence)
        for rule in RULES
        for level, entry, key, sentence in rule(placed)
        for place in [_place(entry, key)]
    ]
    rank = get_args(Level)
    return tuple(sorted(found, key=lambda item: (rank.index(item.level), item.rule, item.place)))


def _schema(sentence: str) -> Problem:
    place, key, message = "", "", sentence
    if match := re.match(r"(\S+?:\d+): (?:([\w.\[\]-]+): )?(.*)", sentence, re.DOTALL):
        place, key, message = match[1], match[2] or "", match[3]
    return Problem("error", "schema", place, key, message)


def _place(entry: Placed, key: str) -> str:
    line = entry.source.line(f"{entry.path}.{key}".strip("."))
    return f"{entry.source.where}:{line}"


def _text_is_worth_reading(kinds: Kinds) -> Iterator[Objection]:
    for entry in kinds["techniques"]:
        if len(entry.item.how) < HOW:
            yield "error", entry, "how", f"says less than {HOW} characters on how it works"
        if len(entry.item.summary) > 200:
            yield "warning", entry, "summary", "is longer than 200 characters"
    for kind in ("techniques", "mitigations"):
        for entry in kinds[kind]:
            if not entry.item.summary.endswith("."):
                yield "error", entry, "summary", "must be a sentence and end with a period"


def _text_is_plain(kinds: Kinds) -> Iterator[Objection]:
    for entries in kinds.values():
        for entry in entries:
            text = record.canonical(entry.item)
            if match := re.search(r"</?[a-zA-Z!]|\{\{|javascript:", text):
                yield "error", entry, "", f"markup has no place in the data: {match[0]!r}"
            if "DRAFT" in text or "TODO" in text:
                yield "error", entry, "", "is not finished"


def _evidence_is_listed(kinds: Kinds) -> Iterator[Objection]:
    for entry in kinds["techniques"]:
        if entry.item.evidence == ():
            yield "error", entry, "evidence", "list records or write 'none found'"
        measured = entry.item.maturity not in ("proposed", "theory")
        if measured and entry.item.evidence == "none found":
            message = f"maturity {entry.item.maturity!r} needs a record that shows it"
            yield "error", entry, "maturity", message
    for entry in kinds["mitigations"]:
        for i, edge in enumerate(entry.item.mitigates):
            if edge.evidence == ():
                key = f"mitigates[{i}].evidence"
                yield "error", entry, key, "list records or write 'none found'"


def _marks_are_honest(kinds: Kinds) -> Iterator[Objection]:
    sources = {entry.item.id: entry.item for entry in kinds["sources"]}
    for entry in kinds["evidence"]:
        source = sources[entry.item.source]
        if RANK[entry.item.mark] > RANK[source.mark]:
            message = f"is {entry.item.mark}, but its source {source.id} is only {source.mark}"
            yield "error", entry, "mark", message


def _contradictions_are_mutual(kinds: Kinds) -> Iterator[Objection]:
    by_id = {entry.item.id: entry.item for entry in kinds["evidence"]}
    for entry in kinds["evidence"]:
        for name in entry.item.contradicts:
            if entry.item.id == name:
                yield "error", entry, "contradicts", "a record cannot contradict itself"
            elif entry.item.id not in by_id[name].contradicts:
                yield "error", entry, "contradicts", f"{name} does not say so too"


def _values_have_units(kinds: Kinds) -> Iterator[Objection]:
    for entry in kinds["evidence"]:
        item = entry.item
        if item.value is None:
            continue
        if not item.metric:
            yield "error", entry, "metric", "a value needs the metric it is a value of"
        if item.unit == "%" and not -100 <= item.value <= 1000:
            yield "error", entry, "value", f"{item.value} is not a percentage"


def _years_are_possible(kinds: Kinds) -> Iterator[Objection]:
    latest = int(kinds["edition"][0].item.content[:4])
    for entry in kinds["sources"]:
        if not 1950 <= entry.item.year <= latest:
            yield "error", entry, "year", f"{entry.item.year} is not from 1950 to {latest}"


def _publications_are_listed_once(kinds: Kinds) -> Iterator[Objection]:
    for key in ("arxiv", "doi"):
        seen: dict[str, str] = {}
        for entry in kinds["sources"]:
            value = getattr(entry.item, key).casefold()
            if value and value in seen:
                yield "error", entry, key, f"{value} is already listed as {seen[value]}"
            seen[value] = entry.item.id


def _mappings_read_like_their_framework(kinds: Kinds) -> Iterator[Objection]:
    for kind in ("tactics", "techniques", "mitigations"):
        for entry in kinds[kind]:
            seen: set[tuple[str, str]] = set()
            for i, anchor in enumerate(entry.item.mappings):
                yield from _anchor(entry, f"mappings[{i}]", anchor)
                if (anchor.framework, anchor.id) in seen:
                    yield "error", entry, f"mappings[{i}].id", f"{anchor.id} is mapped twice"
                seen.add((anchor.framework, anchor.id))


def _anchor(entry: Placed, key: str, anchor: Anchor) -> Iterator[Objection]:
    pattern = IDENTIFIERS[anchor.framework]
    if not re.fullmatch(pattern, anchor.id):
        message = f"an id of {anchor.framework} reads like {pattern}, got {anchor.id!r}"
        yield "error", entry, f"{key}.id", message


def _sub_techniques_refine_their_parent(kinds: Kinds) -> Iterator[Objection]:
    tactics = {entry.item.id: set(entry.item.tactics) for entry in kinds["techniques"]}
    for entry in kinds["techniques"]:
        parent = entry.item.parent
        if parent and not tactics[parent] & set(entry.item.tactics):
            yield "error", entry, "tactics", f"shares no tactic with its parent {parent}"


def _techniques_do_something(kinds: Kinds) -> Iterator[Objection]:
    last = kinds["tactics"][-1].item.id
    for entry in kinds["techniques"]:
        item = entry.item
        harmless = set(vars(item.impact).values()) == {"none"}
        if harmless and not item.grants:
            yield "error", entry, "grants", "neither grants a capability nor has an impact"
        if harmless and last in item.tactics:
            yield "error", entry, "impact", "belongs to the last tactic but has no impact"
        if len(set(item.grants)) < len(item.grants):
            yield "error", entry, "grants", "a capability is granted twice"


def _every_tactic_has_a_technique(kinds: Kinds) -> Iterator[Objection]:
    used = {name for entry in kinds["techniques"] for name in entry.item.tactics}
    for entry in kinds["tactics"]:
        if entry.item.id not in used:
            yield "error", entry, "id", f"no technique belongs to {entry.item.id}"


def _techniques_are_reachable(kinds: Kinds) -> Iterator[Objection]:
    """Every actor a technique lists must be able to reach it on a pipeline with every trait."""
    everything = frozenset(entry.item.id for entry in kinds["traits"])
    techniques = [entry.item for entry in kinds["techniques"]]
    for actor in (entry.item for entry in kinds["actors"]):
        known = {entry.item.id for entry in kinds["capabilities"] if entry.item.knowledge}
        held = {start.capability for start in actor.starts if start.when.met(everything)} | known
        reached: set[str] = set()
        growing = True
        while growing:
            able = {t.id for t in techniques if t.requires.met(frozenset(held))}
            growing = not able <= reached
            reached |= able
            held |= {word for t in techniques if t.id in able for word in t.grants}
        for entry in kinds["techniques"]:
            if actor.id in entry.item.actors and entry.item.id not in reached:
                message = f"{actor.id} can never meet what it requires"
                yield "error", entry, "actors", message


def _mitigations_name_a_technique_once(kinds: Kinds) -> Iterator[Objection]:
    for entry in kinds["mitigations"]:
        names = [edge.technique for edge in entry.item.mitigates]
        if not names:
            yield "error", entry, "mitigates", "mitigates nothing"
        for i, name in enumerate(names):
            if name in names[:i]:
                yield "error", entry, f"mitigates[{i}].technique", f"{name} is named twice"


def _cases_follow_the_matrix(kinds: Kinds) -> Iterator[Objection]:
    tactics = {entry.item.id: entry.item.tactics for entry in kinds["techniques"]}
    for entry in kinds["cases"]:
        for i, step in enumerate(entry.item.steps):
            if step.tactic not in tactics[step.technique]:
                message = f"{step.technique} does not belong to {step.tactic}"
                yield "error", entry, f"steps[{i}].tactic", message


def _verdicts_have_evidence(kinds: Kinds) -> Iterator[Objection]:
    for entry in kinds["claims"]:
        if entry.item.verdict != "open" and not entry.item.evidence:
            yield "error", entry, "verdict", f"{entry.item.verdict!r} needs evidence; else 'open'"
        if entry.item.sources == ():
            yield "error", entry, "sources", "list sources or write 'none found'"


def _traits_ask_for_fields_that_exist(kinds: Kinds) -> Iterator[Objection]:
    components = {entry.item.id for entry in kinds["components"]}
    parties = {entry.item.id for entry in kinds["parties"]}
    for entry in kinds["traits"]:
        for i, fact in enumerate(entry.item.when):
            try:
                allowed = _allowed(Pipeline, fact.field.split("."), components, parties)
            except InputError as error:
                yield "error", entry, f"when[{i}].field", str(error)
                continue
            wrong = [value for value in fact.values if allowed and value not in allowed]
            if wrong:
                message = f"{wrong[0]!r} is not a value of {fact.field}"
                yield "error", entry, f"when[{i}].values", message


def _allowed(
    hint: Any, path: list[str], components: set[str], parties: set[str]
) -> tuple[Any, ...] | set[str]:
    """Return the values a pipeline field can take, empty if any; InputError if there is none."""
    if get_origin(hint) is tuple:
        hint = get_args(hint)[0]
    if not path:
        return (True, False) if hint is bool else get_args(hint)
    if get_origin(hint) is not None and len(get_args(hint)) == 2:  # components by id
        if path[0] not in components:
            raise InputError(f"{path[0]!r} is not a component")
        return (
            parties
            if path[1:] == ["party"]
            else _allowed(get_args(hint)[1], path[1:], set(), set())
        )
    if not is_dataclass(hint) or path[0] not in {field.name for field in fields(hint)}:
        raise InputError(f"a pipeline has no field {path[0]!r} there")
    return _allowed(get_type_hints(hint)[path[0]], path[1:], components, parties)


def _nothing_is_left_over(kinds: Kinds) -> Iterator[Objection]:
    text = {
        kind: "".join(record.canonical(entry.item) for entry in entries)
        for kind, entries in kinds.items()
    }
    users = {
        "sources": ("evidence", "cases", "claims", "challenges"),
        "evidence": ("techniques", "mitigations", "claims"),
        "capabilities": ("techniques",),
        "traits": ("techniques", "actors"),
        "components": ("techniques",),
        "assets": ("techniques",),
        "actors": ("techniques",),
    }
    for kind, others in users.items():
        for entry in kinds[kind]:
            if not any(f'"{entry.item.id}"' in text[other] for other in others):
                yield "warning", entry, "id", f"{entry.item.id} is used nowhere"


def _techniques_without_mitigation(kinds: Kinds) -> Iterator[Objection]:
    covered = {edge.technique for entry in kinds["mitigations"] for edge in entry.item.mitigates}
    for entry in kinds["techniques"]:
        if not {entry.item.id, entry.item.parent} & covered:
            yield "gap", entry, "id", f"nothing mitigates {entry.item.id} {entry.item.name}"


def _techniques_without_evidence(kinds: Kinds) -> Iterator[Objection]:
    for entry in kinds["techniques"]:
        if entry.item.evidence == "none found":
            message = f"no evidence was found for {entry.item.id} {entry.item.name}"
            yield "gap", entry, "evidence", message


RULES: Final[tuple[Callable[[Kinds], Iterator[Objection]], ...]] = (
    _text_is_worth_reading,
    _text_is_plain,
    _evidence_is_listed,
    _marks_are_honest,
    _contradictions_are_mutual,
    _values_have_units,
    _years_are_possible,
    _publications_are_listed_once,
    _mappings_read_like_their_framework,
    _sub_techniques_refine_their_parent,
    _techniques_do_something,
    _every_tactic_has_a_technique,
    _techniques_are_reachable,
    _mitigations_name_a_technique_once,
    _cases_follow_the_matrix,
    _verdicts_have_evidence,
    _traits_ask_for_fields_that_exist,
    _nothing_is_left_over,
    _techniques_without_mitigation,
    _techniques_without_evidence,
)
