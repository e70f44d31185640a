"""Write what is generated from the registries and the kill chain: blocks of pages, coverage.

A block stands between ``<!-- generated: name -->`` and ``<!-- end -->``; the rest of a page is
written by hand. ``python scripts/write_docs.py`` rewrites the blocks; a test compares them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from redqubit import attacks, defenses, killchain
from redqubit.killchain import effort, exchange, likelihood, threat
from redqubit.killchain.describe import requirement
from redqubit.killchain.load import DATA
from redqubit.killchain.model import Claim, Technique
from redqubit.killchain.requirement import Requirement
from redqubit.scan import catalog
from redqubit.scan.fuzz import about

DOCS = Path(__file__).parents[1] / "docs"
BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
CHAIN = killchain.load()


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    lines += [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    return "".join(f"| {line} |\n" for line in lines)


def link(identifier: str) -> str:
    """Return a link to a technique's section."""
    return f"[{identifier}](killchain.md#{anchor(identifier)})"


def anchor(identifier: str) -> str:
    """Return the anchor of an id's section."""
    return identifier.lower().replace(".", "-")


def access(attack: type) -> str:
    """Return the target type an attack asks for: its threat model."""
    return attacks.access(attack).__name__


def words(needs: Requirement) -> str:
    """Say an AND/OR expression over capabilities in words."""
    return requirement(needs, CHAIN)


def span(values: tuple[float, float] | None) -> str:
    """Return a range of counts."""
    if values is None:
        return "not stated"
    low, high = values
    return f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"


def technique(identifier: str) -> Technique:
    """Return the technique an attack executes."""
    found = killchain.technique(CHAIN, identifier)
    assert found is not None, identifier
    return found


def attacks_table() -> str:
    """Return every attack with its technique and the access it needs."""
    return table(
        ("Attack", "Technique", "Access", "In one sentence"),
        (
            (
                f"`{item.name}`",
                link(item.technique),
                f"`{access(item)}`",
                technique(item.technique).summary,
            )
            for item in attacks.ALL
        ),
    )


def defenses_table() -> str:
    """Return every defense with its mitigation and what it acts on."""
    rows = []
    for item in defenses.ALL:
        mitigation = CHAIN.by_id.get(item.mitigation)
        if isinstance(mitigation, killchain.Mitigation):
            edges = ", ".join(link(edge.technique) for edge in mitigation.mitigates)
            rows.append(
                (f"`{item.name}`", item.mitigation, mitigation.summary, mitigation.cost, edges)
            )
        else:
            rows.append(
                (f"`{item.name}`", "", "The identity: what the others are compared with.", "", "")
            )
    return table(("Defense", "Mitigation", "In one sentence", "Cost", "Acts on"), rows)


def threats_table() -> str:
    """Return what an attacker must hold for each attack, least access first."""
    order = ("Oracle", "TrainingData", "WhiteBox")
    chosen = sorted(attacks.ALL, key=lambda item: (order.index(access(item)), item.technique))
    rows = []
    for item in chosen:
        found = technique(item.technique)
        rows.append(
            (
                f"`{access(item)}`",
                f"`{item.name}`",
                words(found.requires),
                span(found.cost.queries),
                found.cost.skill,
                ", ".join(CHAIN.words[grant].lower() for grant in found.grants),
            )
        )
    return table(("Access", "Attack", "The attacker must hold", "Queries", "Skill", "Gains"), rows)


def harm_table() -> str:
    """Return which protection goal each attack hurts."""
    goals = ("confidentiality", "integrity", "availability")
    return table(
        ("Attack", *(goal.capitalize() for goal in goals), "How visible it is"),
        (
            (
                f"`{item.name}`",
                *(getattr(found.impact, goal) for goal in goals),
                f"{found.detectability.level}: {found.detectability.signal}",
            )
            for item in attacks.ALL
            for found in [technique(item.technique)]
        ),
    )


def techniques() -> str:
    """Return a section for each technique: what it is, what it needs, and who says so."""
    executed: dict[str, list[str]] = {}
    for item in attacks.ALL:
        executed.setdefault(item.technique, []).append(f"`{item.name}`")
    return "\n".join(_section(item, executed.get(item.id, [])) for item in CHAIN.techniques)


def _section(item: Technique, executed: list[str]) -> str:
    tactics = [CHAIN.by_id[tactic].name for tactic in item.tactics]  # type: ignore[union-attr]
    mitigations = [f"`{m.id}` {m.name}" for m, _ in killchain.mitigations_of(CHAIN, item.id)]
    records = len(killchain.evidence_of(CHAIN, item))
    grants = ", ".join(CHAIN.words[grant].lower() for grant in item.grants)
    lines = [
        f"### {item.id} {item.name} {{ #{anchor(item.id)} }}\n",
        f"{item.summary}\n",
        f"- **Tactics**: {', '.join(tactics)}",
        f"- **Requires**: {words(item.requires)}",
        f"- **Grants**: {grants or 'nothing'}",
        f"- **Maturity**: {item.maturity}, {records or 'no'} record{'s' if records != 1 else ''}",
    ]
    if executed:
        lines.append(f"- **Executed by**: {', '.join(executed)}")
    if mitigations:
        lines.append(f"- **Mitigations**: {', '.join(mitigations)}")
    return "\n".join(lines) + "\n"


def counts() -> str:
    """Return how many objects of each kind there are."""
    kinds = ("techniques", "mitigations", "evidence", "sources", "cases", "claims", "challenges")
    shown = ", ".join(f"{len(getattr(CHAIN, kind))} {kind}" for kind in kinds)
    return f"Edition {CHAIN.edition.content}: {shown}.\n"


def claims() -> str:
    """Return every public claim with its verdict."""
    return "\n".join(_claim(item) for item in CHAIN.claims)


def _claim(item: Claim) -> str:
    names = item.sources if isinstance(item.sources, tuple) else ()
    sources = [CHAIN.by_id[name] for name in names]
    cited = "; ".join(f"[{s.title}]({s.link})" for s in sources)  # type: ignore[union-attr]
    return (
        f"### {item.statement} {{ #{anchor(item.id)} }}\n\n"
        f"- **Made by**: {item.made_by}\n"
        f"- **Source**: {cited or 'none found'}\n"
        f"- **Tested by**: {item.experiment}\n"
        f"- **Verdict**: {item.verdict}. {item.reason}\n"
    )


def formats() -> str:
    """Return the table of exchange formats."""
    return table(
        ("Format", "Holds", "Cannot hold", "Read"),
        (
            (
                f"`{item.name}` {item.title}",
                item.holds,
                " ".join(item.loses) or "nothing is lost",
                "yes" if item.read else "no",
            )
            for item in (*exchange.FORMATS, *exchange.PIPELINE_FORMATS)
        ),
    )


def quoted(text: str) -> str:
    """Return a rule that the code states, as a quotation."""
    return f"> {text}\n"


def rules() -> str:
    """Return the table of the scanner's rules."""
    return table(
        ("Rule", "Severity", "What it finds", "CWE", "Technique"),
        (
            (
                f"`{rule.id}` {rule.name}",
                rule.severity,
                rule.summary,
                ", ".join(map(str, rule.cwe)),
                ", ".join(rule.techniques),
            )
            for rule in catalog.rules()
        ),
    )


def oracles() -> str:
    """Return the table of the oracles of all three fuzzers."""
    return table(
        ("Oracle", "What holds", "What must not be taken for a fault"),
        ((f"`M{item.id[4:]}` {item.name}", item.summary, item.why) for item in about.oracles()),
    )


BLOCKS: dict[str, Callable[[], str]] = {
    "rules": rules,
    "oracles": oracles,
    "effort": lambda: quoted(effort.FORMULA),
    "likelihood": lambda: quoted(likelihood.FORMULA),
    "severity": lambda: quoted(threat.RULE),
    "claims": claims,
    "counts": counts,
    "formats": formats,
    "attacks": attacks_table,
    "defenses": defenses_table,
    "threats": threats_table,
    "harm": harm_table,
    "techniques": techniques,
}


def executables() -> str:
    """Return the file by which the kill chain knows what redqubit runs."""
    lines = [
        "# Written by scripts/write_docs.py from the registries of attacks, defenses and rules.\n",
        *(
            f'- {{id: {identifier}, kind: {kind}, name: {item.name}, title: "{item.title}"}}\n'
            for kind, registry, link_ in (
                ("attack", attacks.ALL, "technique"),
                ("defense", defenses.ALL, "mitigation"),
            )
            for item in registry
            if (identifier := getattr(item, link_))
        ),
        *(
            f'- {{id: {identifier}, kind: rule, name: {item.id}, title: "{item.name}"}}\n'
            for item in catalog.rules()
            for identifier in item.techniques
        ),
    ]
    return "".join(lines)


def render(text: str) -> str:
    """Return a page with every generated block written again."""
    return BLOCK.sub(lambda found: f"{found[1]}\n{BLOCKS[found[2]]()}\n{found[4]}", text)


def main() -> None:
    """Rewrite the pages that have generated blocks."""
    for path in sorted(DOCS.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if (new := render(text)) != text:
            path.write_text(new, encoding="utf-8")
            print(f"wrote {path.name}")
    (DATA / "executables.yaml").write_text(executables(), encoding="utf-8")


if __name__ == "__main__":
    main()
