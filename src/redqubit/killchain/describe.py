"""One object of the kill chain as Markdown that also reads well as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import singledispatch

from redqubit.killchain.model import (
    MARKS,
    Anchor,
    Case,
    Challenge,
    Claim,
    Effort,
    Impact,
    Item,
    KillChain,
    Mitigation,
    Record,
    Source,
    Tactic,
    Technique,
)
from redqubit.killchain.query import evidence_of, executables_of, mitigations_of, sub_techniques
from redqubit.killchain.requirement import Requirement


def describe(item: Item, chain: KillChain) -> str:
    """Return everything the kill chain says about an object, and what points to it."""
    return "\n".join(_lines(item, chain)).rstrip() + "\n"


def requirement(needs: Requirement, chain: KillChain) -> str:
    """Return a requirement in words, such as ``query access and (scores or parameters known)``."""
    parts = [_part(entry, chain) for entry in needs.all]
    if needs.any:
        choice = " or ".join(_part(entry, chain) for entry in needs.any)
        parts.append(f"({choice})" if parts and len(needs.any) > 1 else choice)
    return " and ".join(parts) or "nothing"


def _part(entry: str | Requirement, chain: KillChain) -> str:
    return _lower(chain.words[entry]) if isinstance(entry, str) else requirement(entry, chain)


def _lower(text: str) -> str:
    """Return a name as it stands inside a sentence; abbreviations keep their capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def impact(hurt: Impact) -> str:
    """Return an impact in words, such as ``integrity high, availability medium``."""
    return ", ".join(f"{goal} {level}" for goal, level in vars(hurt).items() if level != "none")


def effort(cost: Effort) -> str:
    """Return the known ranges of a cost in words."""
    units = (("queries", "queries"), ("shots", "shots"), ("money", "USD"), ("days", "days"))
    spans = [(getattr(cost, name), unit) for name, unit in units]
    known = [f"{span[0]:,g} to {span[1]:,g} {unit}" for span, unit in spans if span]
    return ", ".join([f"{cost.skill} skill", *known])


@singledispatch
def _lines(item: Item, chain: KillChain) -> Iterator[str]:
    raise TypeError(f"{chain.edition.name} has no description for a {type(item).__name__}")


@_lines.register
def _(item: Technique, chain: KillChain) -> Iterator[str]:
    yield from (f"# {item.id} {item.name}", "", item.summary, "", item.how, "")
    runs = executables_of(chain, item.id)
    attacks = [f"redqubit attack {entry.name}" for entry in runs if entry.kind == "attack"]
    rules = [f"{entry.name} {entry.title}" for entry in runs if entry.kind == "rule"]
    facts = (
        ("Tactics", ", ".join(_name(tactic, chain) for tactic in item.tactics)),
        ("Components", _words(item.components, chain)),
        ("Assets", _words(item.assets, chain)),
        ("Actors", _words(item.actors, chain)),
        ("Knowledge and access", f"{', '.join(item.knowledge)}; {', '.join(item.access)}"),
        ("Impact", impact(item.impact)),
        ("Applies to", requirement(item.applies, chain)),
        ("Requires", requirement(item.requires, chain)),
        ("Grants", _words(item.grants, chain)),
        ("Cost", f"{effort(item.cost)}. {item.cost.basis}"),
        ("Detectability", f"{item.detectability.level}. {item.detectability.signal}"),
        ("Hardware", ", ".join(item.hardware)),
        ("Maturity", item.maturity),
        ("Sub-techniques", _names(sub_techniques(chain, item.id))),
        ("Executed by", ", ".join(attacks)),
        ("Looked for by", ", ".join(rules)),
        ("Corresponds to", _anchors(item.mappings)),
    )
    yield from _facts(facts)
    edges = [
        f"**{measure.id} {measure.name}** ({measure.kind}, {edge.strength}): {edge.sentence}"
        for measure, edge in mitigations_of(chain, item.id)
    ]
    yield from _section("Mitigations", edges or ["none known"])
    records = [_record(record, chain) for record in evidence_of(chain, item)]
    yield from _section("Evidence", records or ["none found"])
    yield from _section("Open questions", item.open_questions)
    cases = [c for c in chain.cases if any(step.technique == item.id for step in c.steps)]
    yield from _section("Cases", [f"{case.id} {case.name}" for case in cases])


@_lines.register
def _(item: Mitigation, chain: KillChain) -> Iterator[str]:
    yield from (f"# {item.id} {item.name}", "", item.summary, "")
    facts = (
        ("Kind", item.kind),
        ("Acts on", _words(item.components, chain)),
        ("Cost", item.cost),
        ("Measured as", ", ".join(entry.name for entry in executables_of(chain, item.id))),
        ("Corresponds to", _anchors(item.mappings)),
    )
    yield from _facts(facts)
    edges = []
    for edge in item.mitigates:
        records = "; ".join(_record(record, chain) for record in evidence_of(chain, edge))
        name = f"**{edge.technique} {_name(edge.technique, chain)}** ({edge.strength})"
        edges.append(f"{name}: {edge.sentence} {records or 'Evidence: none found.'}")
    yield from _section("Mitigates", edges)


@_lines.register
def _(item: Record, chain: KillChain) -> Iterator[str]:
    yield from (f"# {item.id}", "", item.claim, "")
    facts = (
        ("Metric", item.metric),
        ("Value", _value(item)),
        ("Data set", item.dataset),
        ("Model", item.model),
        ("Qubits", str(item.qubits or "")),
        ("Shots", str(item.shots or "")),
        ("Device", item.device),
        ("Knowledge", item.knowledge or ""),
        ("Source", f"{_citation(item.source, chain)}, {item.locator}"),
        ("Mark", f"{item.mark}: {MARKS[item.mark]}"),
        ("Contradicts", ", ".join(item.contradicts)),
    )
    yield from _facts(facts)


@_lines.register
def _(item: Source, chain: KillChain) -> Iterator[str]:
    yield from (f"# {item.title}", "", f"{', '.join(item.authors)} ({item.year}). {item.venue}", "")
    yield from _facts((("Read at", item.link), ("Mark", f"{item.mark}: {MARKS[item.mark]}")))
    claims = [f"{r.id}: {r.claim}" for r in chain.evidence if r.source == item.id]
    yield from _section("Evidence", claims)


@_lines.register
def _(item: Tactic, chain: KillChain) -> Iterator[str]:
    yield from (f"# {item.id} {item.name}", "", item.question, "")
    yield from _facts((("Corresponds to", _anchors(item.mappings)),))
    members = [t for t in chain.techniques if item.id in t.tactics]
    yield from _section("Techniques", [f"{t.id} {t.name}: {t.summary}" for t in members])


@_lines.register
def _(item: Case, chain: KillChain) -> Iterator[str]:
    yield from (f"# {item.id} {item.name}", "", item.summary, "")
    sources = "; ".join(_citation(name, chain) for name in item.sources)
    yield from _facts((("Kind", item.kind), ("Command", item.command), ("Sources", sources)))
    for i, step in enumerate(item.steps, start=1):
        name = f"{step.technique} {_name(step.technique, chain)}"
        yield f"{i}. **{_name(step.tactic, chain)}**, {name}: {step.text}"


@_lines.register
def _(item: Claim, chain: KillChain) -> Iterator[str]:
    yield from (f"# {item.id} {item.verdict}", "", item.statement, "")
    sources = item.sources if isinstance(item.sources, tuple) else ()
    facts = (
        ("Made by", item.made_by),
        ("Source", "; ".join(_citation(name, chain) for name in sources) or "none found"),
        ("Tested by", item.experiment),
        ("Verdict", f"{item.verdict}. {item.reason}"),
        ("Evidence", ", ".join(item.evidence)),
        ("About", ", ".join((*item.techniques, *item.mitigations))),
    )
    yield from _facts(facts)


@_lines.register
def _(item: Challenge, chain: KillChain) -> Iterator[str]:
    yield from (f"# {item.id} {item.name}", "", item.text, "")
    touched = ", ".join(f"{i} {_name(i, chain)}" for i in (*item.techniques, *item.mitigations))
    sources = "; ".join(_citation(name, chain) for name in item.sources)
    yield from _facts((("Touches", touched), ("Sources", sources)))


def _facts(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, value in pairs:
        if value:
            yield f"- {name}: {value}"
    yield ""


def _section(title: str, entries: Iterable[str]) -> Iterator[str]:
    entries = list(entries)
    if entries:
        yield from (f"## {title}", "", *(f"- {entry}" for entry in entries), "")


def _record(record: Record, chain: KillChain) -> str:
    against = f" Contradicts {', '.join(record.contradicts)}." if record.contradicts else ""
    source = f"{_citation(record.source, chain)}, {record.locator}"
    return f"{record.id} [{record.mark}] {record.claim} ({source}){against}"


def _value(record: Record) -> str:
    if record.value is None:
        return ""
    sign = "" if record.comparator == "=" else f"{record.comparator} "
    space = "" if record.unit in ("%", "") else " "
    return f"{sign}{record.value:g}{space}{record.unit}"


def _citation(identifier: str, chain: KillChain) -> str:
    source = chain.by_id[identifier]
    assert isinstance(source, Source)
    more = " et al." if len(source.authors) > 1 else ""
    return f"{source.authors[0]}{more} {source.year}{source.link and f', {source.link}'}"


def _anchors(anchors: Iterable[Anchor]) -> str:
    return ", ".join(f"{a.framework} {a.id} {a.name} ({a.provenance})" for a in anchors)


def _name(identifier: str, chain: KillChain) -> str:
    return str(getattr(chain.by_id[identifier], "name", identifier))


def _names(items: Iterable[Technique]) -> str:
    return ", ".join(f"{item.id} {item.name}" for item in items)


def _words(identifiers: Iterable[str], chain: KillChain) -> str:
    return ", ".join(_lower(chain.words[name]) for name in identifiers)
