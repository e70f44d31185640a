"""Techniques, cases, paths and pipelines as boxes and arrows, before any syntax."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from redqubit.killchain.exchange.dataflow import Diagram
from redqubit.killchain.model import Case, KillChain, Technique
from redqubit.killchain.path import Path
from redqubit.killchain.requirement import Requirement

Kind = Literal["technique", "capability", "goal", "process", "store", "actor"]
Subject = Technique | Case | Path | None


@dataclass(frozen=True)
class Node:
    """A box; ``focus`` marks what the drawing is about."""

    id: str
    label: str
    kind: Kind
    focus: bool = False


@dataclass(frozen=True)
class Arrow:
    """An arrow between boxes; ``optional`` where it is one of several alternatives."""

    source: str
    target: str
    label: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Group:
    """Boxes that stand together under a title."""

    title: str
    nodes: tuple[str, ...]


@dataclass(frozen=True)
class Drawing:
    """Boxes, arrows between them and groups of them; every box is in one group at most."""

    title: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    groups: tuple[Group, ...] = ()


def of(chain: KillChain, subject: Subject = None) -> Drawing:
    """Return a drawing of a technique with its neighbors, of a case, of a path, or of all.

    Techniques are tied through capabilities: an arrow from a capability leads to what requires it,
    an arrow from a technique to what it grants. In the drawing of all, capabilities that only one
    side knows are left out, since they tie nothing.
    """
    if subject is None:
        return _whole(chain)
    if isinstance(subject, Technique):
        return _neighbors(chain, subject)
    if isinstance(subject, Case):
        return _case(chain, subject)
    return _path(chain, subject)


def _whole(chain: KillChain) -> Drawing:
    groups = []
    for tactic in chain.tactics:
        inside = tuple(item.id for item in chain.techniques if item.tactics[:1] == (tactic.id,))
        if inside:
            groups.append(Group(tactic.name, inside))
    arrows = [arrow for item in chain.techniques for arrow in _ties(item)]
    tying = {arrow.source for arrow in arrows} & {arrow.target for arrow in arrows}
    names = {item.id for item in chain.techniques}
    arrows = [x for x in arrows if (x.target if x.source in names else x.source) in tying]
    return Drawing(
        chain.edition.name, _nodes(chain, chain.techniques, arrows), tuple(arrows), (*groups,)
    )


def _neighbors(chain: KillChain, subject: Technique) -> Drawing:
    needed, granted = subject.requires.words, frozenset(subject.grants)
    arrows = list(_ties(subject))
    near = []
    for item in chain.techniques:
        if item.id == subject.id:
            continue
        ties = [
            arrow
            for arrow in _ties(item)
            if (arrow.source == item.id and arrow.target in needed)
            or (arrow.target == item.id and arrow.source in granted)
        ]
        if ties:
            near.append(item)
            arrows += ties
    nodes = _nodes(chain, [subject, *near], arrows, subject.id)
    return Drawing(f"{subject.id} {subject.name}", nodes, tuple(arrows))


def _ties(item: Technique) -> Iterator[Arrow]:
    """Yield arrows from what a technique requires and to what it grants."""
    needs: dict[str, bool] = {}
    for word, optional in _needs(item.requires):
        needs[word] = needs.get(word, True) and optional
    for word, optional in needs.items():
        yield Arrow(word, item.id, optional=optional)
    for word in dict.fromkeys(item.grants):
        yield Arrow(item.id, word)


def _needs(requirement: Requirement, optional: bool = False) -> Iterator[tuple[str, bool]]:
    alternatives = optional or len(requirement.any) > 1
    for entries, loose in ((requirement.all, optional), (requirement.any, alternatives)):
        for entry in entries:
            if isinstance(entry, str):
                yield entry, loose
            else:
                yield from _needs(entry, loose)


def _nodes(
    chain: KillChain, techniques: Iterable[Technique], arrows: Iterable[Arrow], focus: str = ""
) -> tuple[Node, ...]:
    made = {
        item.id: Node(item.id, f"{item.id} {item.name}", "technique", item.id == focus)
        for item in techniques
    }
    for arrow in arrows:
        for word in (arrow.source, arrow.target):
            if word not in made:
                made[word] = Node(word, chain.words.get(word, word), "capability")
    return tuple(made.values())


def _case(chain: KillChain, case: Case) -> Drawing:
    nodes = tuple(
        Node(
            f"step {i}",
            f"{i}. {_name(chain, step.tactic)}: {step.technique} {_name(chain, step.technique)}",
            "technique",
        )
        for i, step in enumerate(case.steps, 1)
    )
    arrows = tuple(Arrow(f"step {i}", f"step {i + 1}") for i in range(1, len(case.steps)))
    return Drawing(f"{case.id} {case.name}", nodes, arrows)


def _path(chain: KillChain, path: Path) -> Drawing:
    numbers = {step.technique: i for i, step in enumerate(path.steps, 1)}
    nodes: dict[str, Node] = {}
    arrows = []
    for i, step in enumerate(path.steps, 1):
        label = f"{i}. {_name(chain, step.tactic)}: {step.technique} {_name(chain, step.technique)}"
        key = f"step {i}"
        for use in step.uses:
            word = chain.words.get(use.capability, use.capability)
            if use.source in numbers:
                arrows.append(Arrow(f"step {numbers[use.source]}", key, word))
            else:
                held = f"held {use.capability}"
                nodes.setdefault(held, Node(held, word, "capability"))
                arrows.append(Arrow(held, key))
        nodes[key] = Node(key, label, "technique")
    goal = Node("goal", f"Goal: {path.goal}", "goal", focus=True)
    if path.steps:
        arrows.append(Arrow(f"step {len(path.steps)}", goal.id))
    return Drawing(f"Path to {path.goal}", (*nodes.values(), goal), tuple(arrows))


def _name(chain: KillChain, identifier: str) -> str:
    return str(getattr(chain.by_id.get(identifier), "name", identifier))


def pipeline(diagram: Diagram) -> Drawing:
    """Return a drawing of a pipeline: its parts in the zones of their parties."""
    return Drawing(
        "Data flow",
        tuple(
            Node(part.id, f"{part.component} {part.name}".strip(), part.kind)
            for part in diagram.parts
        ),
        tuple(Arrow(flow.source, flow.target, flow.name) for flow in diagram.flows),
        tuple(
            Group(zone.name, tuple(part.id for part in diagram.inside(zone.id)))
            for zone in diagram.zones
        ),
    )
