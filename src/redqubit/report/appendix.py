"""The appendix: each technique as the kill chain describes it, and the literature behind it."""

from __future__ import annotations

from collections.abc import Iterable

from redqubit.killchain import (
    MARKS,
    Edge,
    KillChain,
    Mitigation,
    Record,
    Source,
    Technique,
    evidence_of,
    mitigations_of,
    sources_of,
    technique,
)
from redqubit.killchain.model import Impact
from redqubit.report.markup import Safe, tag
from redqubit.report.parts import anchor, facts, section
from redqubit.report.summary import Summary
from redqubit.report.wording import count, listing, number

GOALS = (
    ("C", "Confidentiality", "confidentiality"),
    ("I", "Integrity", "integrity"),
    ("A", "Availability", "availability"),
)


def techniques(summary: Summary, killchain: KillChain) -> Safe | None:
    """Describe every technique and mitigation of the report, in order of their ids."""
    if not summary.techniques and not _used(summary):
        return None
    notes = [
        f"From the {killchain.edition.name}, edition {killchain.edition.content}. Numbers here "
        "are claims of their sources, not measurements on this model.",
        *(f"{mark}: {meaning}." for mark, meaning in MARKS.items()),
    ]
    entries = [_technique(killchain, identifier) for identifier in summary.techniques]
    entries += [_mitigation(killchain, identifier) for identifier in _used(summary)]
    body = tag("div", *entries, class_="techniques")
    return section("techniques", "Techniques and mitigations", notes, body)


def sources(summary: Summary, killchain: KillChain) -> Safe | None:
    """List the publications the appendix refers to, oldest first."""
    cited = _cited(summary, killchain)
    if not cited:
        return None
    rows = [
        tag(
            "li",
            f"{', '.join(source.authors)} ({source.year}). ",
            _linked(source),
            f". {source.venue}" if source.venue else "",
            ". ",
            tag("span", f"[{source.mark}]", class_="soft", title=MARKS[source.mark]),
            id=anchor("source", source.id),
        )
        for source in cited
    ]
    return section("sources", "Sources", [], tag("ol", *rows, class_="sources"))


def _used(summary: Summary) -> tuple[str, ...]:
    """Return the ids of the mitigations in the evidence, sorted."""
    return tuple(sorted({item.mitigation for item in summary.evidence} - {""}))


def _cited(summary: Summary, killchain: KillChain) -> list[Source]:
    found = {source for name in summary.techniques for source in sources_of(killchain, name)}
    for identifier in _used(summary):
        mitigation = killchain.by_id.get(identifier)
        if isinstance(mitigation, Mitigation):
            for edge in mitigation.mitigates:
                found |= {_source(killchain, record) for record in evidence_of(killchain, edge)}
    return sorted(found, key=lambda source: (source.year, source.id))


def _source(killchain: KillChain, record: Record) -> Source:
    source = killchain.by_id[record.source]
    assert isinstance(source, Source)  # the loader checked it
    return source


def _entry(kind: str, identifier: str, name: str, *body: object) -> Safe:
    heading = tag("h3", tag("span", identifier, class_="id"), " ", name)
    return tag("article", heading, *body, class_="technique", id=anchor(kind, identifier))


def _technique(killchain: KillChain, identifier: str) -> Safe:
    item = technique(killchain, identifier)
    if item is None:
        told = tag("p", "This kill chain does not describe the technique.")
        return _entry("technique", identifier, "", told)
    words = killchain.words
    tactics = [tactic.name for tactic in killchain.tactics if tactic.id in item.tactics]
    pairs = [
        ("Tactics", ", ".join(tactics)),
        ("Acts on", _named(words, item.components)),
        ("Access", ", ".join(item.access)),
        ("Knowledge", listing([f"{name} box" for name in item.knowledge])),
        ("Needs", _needs(killchain, item)),
        ("Grants", _named(words, item.grants)),
        ("Impact", _impact(item.impact)),
        ("Cost", _cost(item)),
        ("Detectability", f"{item.detectability.level}: {item.detectability.signal}"),
        ("Maturity", item.maturity),
        ("Elsewhere", ", ".join(f"{a.framework} {a.id} {a.name}" for a in item.mappings)),
    ]
    found = mitigations_of(killchain, identifier)
    told = tag(
        "div",
        tag("p", item.summary),
        tag("p", item.how),
        tag("h4", "Published evidence"),
        _records(killchain, evidence_of(killchain, item)),
        tag("h4", "Mitigations") if found else None,
        tag("ul", *(_edge(mitigation, edge) for mitigation, edge in found)) if found else None,
        tag("h4", "Open question") if item.open_questions else None,
        *(tag("p", question) for question in item.open_questions),
    )
    return _entry("technique", identifier, item.name, told, facts(pairs))


def _mitigation(killchain: KillChain, identifier: str) -> Safe:
    item = killchain.by_id.get(identifier)
    if not isinstance(item, Mitigation):
        told = tag("p", "This kill chain does not describe the mitigation.")
        return _entry("mitigation", identifier, "", told)
    records = {
        record.id: record for edge in item.mitigates for record in evidence_of(killchain, edge)
    }
    told = tag(
        "div",
        tag("p", item.summary),
        tag("h4", "Published evidence"),
        _records(killchain, records.values()),
    )
    pairs = [
        ("Kind", item.kind),
        ("Acts on", _named(killchain.words, item.components)),
        ("Price", item.cost),
        ("Elsewhere", ", ".join(f"{a.framework} {a.id} {a.name}" for a in item.mappings)),
    ]
    return _entry("mitigation", identifier, item.name, told, facts(pairs))


def _named(words: object, identifiers: Iterable[str]) -> str:
    return ", ".join(words[name] for name in identifiers)  # type: ignore[index]


def _needs(killchain: KillChain, item: Technique) -> str:
    words = killchain.words
    every = [words[entry] for entry in item.requires.all if isinstance(entry, str)]
    some = [words[entry] for entry in item.requires.any if isinstance(entry, str)]
    text = ", ".join(every)
    return f"{text}{'; ' if text and some else ''}{' or '.join(some)}"


def _cost(item: Technique) -> str:
    told = [item.cost.basis]
    if item.cost.queries is not None and item.cost.queries[1] > 0:
        low, high = item.cost.queries
        told.append(
            f"{count(low)} to {count(high)} queries" if low < high else f"{count(low)} query"
        )
    told.append(f"{item.cost.skill} skill")
    return "; ".join(text.rstrip(".") for text in told) + "."


def _impact(impact: Impact) -> Safe:
    """Show the three goals as marks that differ in shape as well as hue."""
    shapes: dict[str, tuple[str, dict[str, object]]] = {
        "C": ("circle", {"cx": 5.5, "cy": 5.5, "r": 5}),
        "I": ("rect", {"x": 0.8, "y": 0.8, "width": 9.4, "height": 9.4}),
        "A": ("path", {"d": "M5.5 0.3L11 10.5H0z"}),
    }
    marks = []
    for letter, goal, key in GOALS:
        level = getattr(impact, key)
        shape, where = shapes[letter]
        drawn = tag(shape, class_="off" if level == "none" else letter, **where)
        icon = tag("svg", drawn, viewBox="0 0 11 11", aria_hidden="true")
        marks.append(tag("span", icon, f"{goal} {level}", class_="goal"))
    return tag("span", *marks)


def _records(killchain: KillChain, records: Iterable[Record]) -> Safe:
    rows = []
    for record in records:
        source = _source(killchain, record)
        value = "" if record.value is None else f"{record.comparator} {number(record.value)}"
        setting = [record.dataset, record.model, record.device]
        about = ", ".join(part for part in [f"{value} {record.unit}".strip(), *setting] if part)
        against = [killchain.by_id[name] for name in record.contradicts]
        rows.append(
            tag(
                "li",
                record.claim,
                " ",
                tag("a", _short(source), href=f"#{anchor('source', source.id)}"),
                tag(
                    "span",
                    f" {record.locator} [{record.mark}]{f'; {about}' if about else ''}.",
                    class_="soft",
                ),
                *(
                    tag("span", f" Contradicted by {_short(_source(killchain, other))}.")
                    for other in against
                    if isinstance(other, Record)
                ),
            )
        )
    return tag("ul", *rows) if rows else tag("p", "None found.", class_="soft")


def _short(source: Source) -> str:
    names = [author.split()[-1] for author in source.authors]
    if len(names) > 2 or names[1:] == ["others"]:
        return f"{names[0]} et al. {source.year}"
    return f"{' and '.join(names)} {source.year}"


def _edge(mitigation: Mitigation, edge: Edge) -> Safe:
    return tag(
        "li",
        tag("span", mitigation.id, class_="id"),
        f" {mitigation.name}: {edge.sentence} ",
        tag("span", f"Strength: {edge.strength}.", class_="soft"),
    )


def _linked(source: Source) -> Safe | str:
    if not source.link:
        return source.title
    return tag("a", source.title, href=source.link, rel="noreferrer")
