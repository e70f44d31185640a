"""The cheapest mitigations after which no path to a goal is left, with proof, and choke points."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from redqubit.core.errors import InputError, unknown
from redqubit.killchain.cover import Choice, Cover
from redqubit.killchain.feasible import Least, Scene, blocked_by
from redqubit.killchain.model import KillChain
from redqubit.killchain.path import Goal, Path, Routes, labels, listed
from redqubit.killchain.system import Attacker, Pipeline


@dataclass(frozen=True)
class Cut:
    """A set of mitigations and what it does.

    ``complete`` says that no path of any attacker is left; ``attackers`` are those of whom none is
    left. ``bound`` is a proven lower bound on the weight of any set that does as much; ``optimal``
    says that the set meets it. ``path`` is a cheapest path that is left, ``kept`` its techniques:
    no mitigation removes them, or none within the budget. ``alternative`` is the cut by weaker
    edges, if only that is complete.
    """

    mitigations: tuple[str, ...]
    weight: float
    optimal: bool
    bound: float
    kept: tuple[str, ...]
    explanation: str
    complete: bool = True
    attackers: tuple[str, ...] = ()
    path: Path | None = None
    alternative: Cut | None = None


@dataclass(frozen=True)
class ChokePoints:
    """Techniques that lie on every path.

    ``every`` holds those on every path of every attacker who has one, ``each`` those of each such
    attacker. ``counts`` says on how many of the ``paths`` cheapest paths a technique lies.
    """

    every: tuple[str, ...]
    each: Mapping[str, tuple[str, ...]]
    counts: Mapping[str, int]
    paths: int


def minimal_cut(
    attackers: Sequence[Attacker],
    pipeline: Pipeline,
    goal: Goal,
    chain: KillChain,
    *,
    least: Least = "strong",
    budget: float | None = None,
    cost: Mapping[str, float] | None = None,
) -> Cut:
    """Return the cheapest set of mitigations that leaves no attacker a path to a goal, exactly.

    Parameters
    ----------
    attackers, pipeline, goal, chain
        Whose paths, where and to what.
    least
        Strength from which an edge of a preventing mitigation removes a technique.
    budget
        The most that mitigations may weigh together. If a full cut weighs more, the set that
        leaves the most attackers without a path is returned, and among those the lightest.
    cost
        Weight of a mitigation, 1 where none is given; those in place are free.

    Raises
    ------
    InputError
        A mitigation or strength is unknown, or a weight or the budget is negative.

    Notes
    -----
    A set cuts all paths if and only if it hits every path. One integer program chooses mitigations
    together with a set of capabilities that is closed under the techniques left and does not hold
    the goal, which proves that no path is left; its lower bound proves that no lighter set does.
    """
    weights = _weights(chain, cost, budget)
    removed = blocked_by(pipeline.mitigations, chain, least)
    cover = Cover(attackers, pipeline, goal, chain, least, removed, weights)
    if not cover.threatening:
        told = f"No attacker has a path to {goal} with the mitigations in place."
        return Cut((), 0.0, True, 0.0, (), told, attackers=cover.names)
    open_ended = [a for a in cover.threatening if cover.open_ended(a)]
    full = cover.solve([a for a in cover.threatening if a not in open_ended])
    if budget is not None and full.weight > budget:
        best = cover.solve(cover.threatening, budget)
        told = (
            f"To cut off {_who(cover, full)} weighs {full.weight:g} "
            f"({_names(chain, full.mitigations)}), the budget is {budget:g}. "
        ) + (
            f"Cut off within it: {_who(cover, best)}, by {_names(chain, best.mitigations)}."
            if best.mitigations
            else "Within it, no attacker can be cut off."
        )
        return _cut(cover, best, told)
    if not open_ended:
        return _cut(
            cover,
            full,
            f"{_names(chain, full.mitigations)}: no path to {goal} is left for "
            f"{_who(cover, full)}. Their weight is {full.weight:g}; integer programming proves "
            f"that no set lighter than {full.bound:g} does as much.",
        )
    path = cover.remaining(open_ended[0], cover.coverable)
    told = (
        f"No mitigation prevents any step of this path of {cover.names[open_ended[0]]} with "
        f"strength {least} or more: {' -> '.join(path.techniques) or 'held from the start'}."
    )
    if full.mitigations:
        told += f" Cut off: {_who(cover, full)}, by {_names(chain, full.mitigations)}."
    alternative = None
    if least == "strong":
        weaker = minimal_cut(
            attackers, pipeline, goal, chain, least="partial", budget=budget, cost=cost
        )
        if weaker.complete:
            alternative = weaker
            told += (
                " Counting edges of strength partial too, a cut would be: "
                f"{_names(chain, weaker.mitigations) or 'what is in place'}."
            )
    return _cut(cover, full, told, path, alternative)


def _cut(
    cover: Cover,
    best: Choice,
    told: str,
    path: Path | None = None,
    alternative: Cut | None = None,
) -> Cut:
    """Return a choice as a cut, with a cheapest path that is left, if one is."""
    left = [a for a in cover.threatening if a not in best.stopped]
    if left and path is None:
        path = cover.remaining(left[0], blocked_by(best.mitigations, cover.chain, cover.least))
    return Cut(
        best.mitigations,
        best.weight,
        best.optimal,
        best.bound,
        path.techniques if path else (),
        told,
        not left,
        tuple(name for a, name in enumerate(cover.names) if a not in left),
        path,
        alternative,
    )


def _who(cover: Cover, choice: Choice) -> str:
    return listed([cover.names[a] for a in choice.stopped])


def choke_points(
    attackers: Sequence[Attacker],
    pipeline: Pipeline,
    goal: Goal,
    chain: KillChain,
    k: int = 5,
) -> ChokePoints:
    """Return the techniques that lie on every path, and how many of the k cheapest each lies on.

    A technique lies on every path if the goal is out of reach without it.
    """
    each: dict[str, tuple[str, ...]] = {}
    counts: Counter[str] = Counter()
    total = 0
    for name, attacker in zip(labels(attackers), attackers, strict=True):
        routes = Routes(Scene(attacker, pipeline, chain))
        paths = routes.cheapest(goal, k).paths
        if not paths:
            continue
        total += len(paths)
        counts.update(step for path in paths for step in path.techniques)
        graph = routes.graph(goal)
        single = [item for item in paths[0].techniques if not graph.derives(graph.without([item]))]
        each[name] = tuple(sorted(single))
    shared = set.intersection(*map(set, each.values())) if each else set()
    ranked = dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return ChokePoints(tuple(sorted(shared)), each, ranked, total)


def _weights(
    chain: KillChain, cost: Mapping[str, float] | None, budget: float | None
) -> dict[str, float]:
    weights = {item.id: 1.0 for item in chain.mitigations}
    for name, weight in (cost or {}).items():
        if name not in weights:
            raise unknown("mitigation", name, weights)
        weights[name] = float(weight)
    for name, weight in (*weights.items(), ("the budget", 0.0 if budget is None else budget)):
        if not (math.isfinite(weight) and weight >= 0):
            raise InputError(f"a weight must be a number of at least 0, got {weight} for {name}")
    return weights


def _names(chain: KillChain, mitigations: Sequence[str]) -> str:
    names = {item.id: item.name for item in chain.mitigations}
    return listed([names[item] for item in mitigations])
