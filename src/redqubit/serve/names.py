"""How the explorer writes people, sources, values and identifiers."""

from __future__ import annotations

import re
from typing import Final

from redqubit.killchain.model import Anchor, Effort, Record, Source
from redqubit.report.wording import NBSP, count, number, title

__all__ = ["effort", "elsewhere", "people", "setting", "short", "slug", "span", "title", "value"]

_SITES: Final = (
    ("ATLAS", r"AML\.TA\d+", "https://atlas.mitre.org/tactics/{}"),
    ("ATLAS", r"AML\.T[\d.]+", "https://atlas.mitre.org/techniques/{}"),
    ("ATLAS", r"AML\.M[\d.]+", "https://atlas.mitre.org/mitigations/{}"),
    ("ATT&CK", r"TA\d+", "https://attack.mitre.org/tactics/{}/"),
    ("ATT&CK", r"T\d+(\.\d+)?", "https://attack.mitre.org/techniques/{}/"),
    ("ATT&CK", r"M\d+", "https://attack.mitre.org/mitigations/{}/"),
    ("CWE", r"CWE-\d+", "https://cwe.mitre.org/data/definitions/{}.html"),
    ("CAPEC", r"CAPEC-\d+", "https://capec.mitre.org/data/definitions/{}.html"),
    ("D3FEND", r"D3-[A-Z]+", "https://d3fend.mitre.org/search?q={}"),
)


def short(source: Source) -> str:
    """Return ``Kundu 2024``, ``Lu and Duan 2020`` or ``Lu et al. 2020``; groups keep their name."""
    last = [
        author[4:] if author.startswith("The ") else author.split()[-1] for author in source.authors
    ]
    if len(last) > 2 or last[1:] in (["others"], ["al."]):
        return f"{last[0]} et al.{NBSP}{source.year}"
    return f"{' and '.join(last)}{NBSP}{source.year}"


def people(source: Source, most: int = 6) -> str:
    """Return the authors, at most so many by name."""
    shown = source.authors[:most]
    rest = len(source.authors) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def value(record: Record) -> str:
    """Return the number a record claims, with comparator and unit, or an empty string."""
    if record.value is None:
        return ""
    unit = f"{NBSP}{record.unit}" if record.unit else ""
    sign = {"=": "", "<=": "≤ ", ">=": "≥ "}.get(record.comparator, f"{record.comparator} ")
    return f"{sign}{number(record.value)}{unit}"


def setting(record: Record) -> list[str]:
    """Return what a record was found on: data, model, size, shots, device, knowledge."""
    told = [record.dataset, record.model]
    told.append(f"{record.qubits}{NBSP}qubits" if record.qubits is not None else "")
    told.append(f"{count(record.shots)}{NBSP}shots" if record.shots is not None else "")
    told.append(record.device)
    told.append(f"{record.knowledge} box" if record.knowledge else "")
    return [text for text in told if text]


def span(ends: tuple[float, float] | None) -> str:
    """Return a range of an effort, or ``unknown``."""
    if ends is None:
        return "unknown"
    low, high = ends
    return count(low) if low == high else f"{count(low)} to {count(high)}"


def effort(cost: Effort) -> list[tuple[str, str]]:
    """Return what a technique takes, as pairs of quantity and range."""
    pairs: list[tuple[str, str]] = [("Skill", cost.skill)]
    for name, label, unit in (
        ("queries", "Queries", ""),
        ("shots", "Shots", ""),
        ("money", "Money", " USD"),
        ("days", "Work", " days"),
    ):
        ends = getattr(cost, name)
        pairs.append((label, span(ends) + (unit if ends is not None else "")))
    return pairs


def elsewhere(anchor: Anchor) -> str:
    """Return the address of an entry of another framework, or an empty string."""
    for framework, pattern, site in _SITES:
        if anchor.framework == framework and re.fullmatch(pattern, anchor.id):
            name = anchor.id
            if framework == "ATT&CK":
                name = name.replace(".", "/")
            elif framework in ("CWE", "CAPEC"):
                name = name.rpartition("-")[2]
            return site.format(name)
    return ""


def slug(kind: str, identifier: str) -> str:
    """Return the fragment of a word of the vocabulary; kinds share words."""
    return f"{kind}-{identifier}"
