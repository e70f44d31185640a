"""The cheapest mitigations after which no path to a goal is left, with proof, and choke points."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from redqubit.core.errors import InputError, unknown
from redqubit.killchain.derivation import Graph, bits
from redqubit.killchain.feasible import Least, Scene, blocked_by, blocks
from redqubit.killchain.model import KillChain
from redqubit.killchain.path import Goal, Path, Routes, labels, listed
from redqubit.killchain.solver import Program
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
    A set cuts all paths if and only if it hits every path. Paths are generated as they are needed:
    the lightest set that hits all paths known is found by integer programming, and either no path
    avoids it, which proves it lightest, or one does and joins the known ones.
    """
    weights = _weights(chain, cost, budget)
    removed = blocked_by(pipeline.mitigations, chain, least)
    cover = _Cover(attackers, pipeline, goal, chain, least, removed, weights)
    if not cover.threatening:
        told = f"No attacker has a path to {goal} with the mitigations in place."
        return Cut((), 0.0, True, 0.0, (), told, attackers=labels(attackers))
    open_ended = [a for a in cover.threatening if cover.uncut(a)]
    cuttable = [a for a in cover.threatening if a not in open_ended]
    best = cover.solve(cuttable, None)
    if budget is not None and best.weight > budget:
        return _within(cover, best, budget)
    if not open_ended:
        return best
    path = cover.remaining(open_ended[0], cover.coverable)
    told = (
        f"No mitigation prevents any step with strength {least} or more on this path of "
        f"{cover.names[open_ended[0]]}: {' -> '.join(path.techniques)}."
    )
    if best.mitigations:
        told += f" The others are stopped by: {_names(chain, best.mitigations)}."
    alternative = None
    if least == "strong":
        weaker = minimal_cut(
            attackers, pipeline, goal, chain, least="partial", budget=budget, cost=cost
        )
        if weaker.complete:
            alternative = weaker
            names = _names(chain, weaker.mitigations)
            told += f" Edges of strength partial would make a cut: {names}."
    stopped = tuple(name for a, name in enumerate(cover.names) if a not in open_ended)
    return Cut(
        best.mitigations,
        best.weight,
        best.optimal,
        best.bound,
        path.techniques,
        told,
        complete=False,
        attackers=stopped,
        path=path,
        alternative=alternative,
    )


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


@dataclass(frozen=True)
class _Core:
    """A path of an attacker, as the indices of the mitigations of which one must be chosen."""

    attacker: int
    choices: frozenset[int]


@dataclass
class _Cover:
    """The hitting-set problem: which mitigations hit which steps of which attacker's graph."""

    attackers: Sequence[Attacker]
    pipeline: Pipeline
    goal: Goal
    chain: KillChain
    least: Least
    removed: frozenset[str]
    weights: Mapping[str, float]
    cores: list[_Core] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = labels(self.attackers)
        self.routes = [
            Routes(Scene(attacker, self.pipeline, self.chain, self.removed))
            for attacker in self.attackers
        ]
        self.graphs: list[Graph] = [routes.graph(self.goal) for routes in self.routes]
        self.threatening = [a for a, graph in enumerate(self.graphs) if graph.derives(graph.all)]
        effect = blocks([item.id for item in self.chain.mitigations], self.chain, self.least)
        self.coverable = frozenset(name for names in effect.values() for name in names)
        masks = {
            name: [graph.mask(techniques) for graph in self.graphs]
            for name, techniques in effect.items()
            if name not in self.pipeline.mitigations
        }
        self.choices = sorted(name for name, mask in masks.items() if any(mask))
        self.masks = [masks[name] for name in self.choices]
        self.costs = [self.weights[name] for name in self.choices]

    def uncut(self, a: int) -> bool:
        """Say whether an attacker keeps a path though every mitigation is chosen."""
        graph = self.graphs[a]
        return graph.derives(graph.without(self.coverable))

    def remaining(self, a: int, removed: frozenset[str]) -> Path:
        """Return a cheapest path of an attacker that avoids techniques."""
        scene = self.routes[a].scene
        left = Scene(scene.attacker, self.pipeline, self.chain, self.removed | removed)
        return Routes(left).cheapest(self.goal, 1).paths[0]

    def solve(self, wanted: Sequence[int], budget: float | None) -> Cut:
        """Return the lightest set that cuts off these attackers, or most of them in a budget."""
        count = len(self.choices)
        prize = 1.0 + sum(self.costs) if budget is not None else 0.0
        program = Program([*self.costs, *(-prize for _ in wanted)])
        freed = {a: count + n for n, a in enumerate(wanted)}
        if budget is None:
            for column in freed.values():
                program.at_least({column: 1.0}, 1.0)
        else:
            program.at_least({i: -cost for i, cost in enumerate(self.costs)}, -budget)

        def add(core: _Core) -> None:
            if core.attacker in freed:
                row = dict.fromkeys(sorted(core.choices), 1.0)
                program.at_least(row | {freed[core.attacker]: -1.0}, 0.0)

        for core in self.cores:
            add(core)
        while True:
            answer = program.solve()
            if answer is None:  # the empty set is always allowed, so this cannot come about
                raise AssertionError("a hitting set without a solution")
            chosen = frozenset(i for i in answer.chosen if i < count)
            stopped = [a for a, column in freed.items() if column in answer.chosen]
            fresh = self._fresh(stopped, chosen)
            if not fresh:
                break
            while fresh:  # a set that hits all known paths is found faster than a lightest one
                for core in fresh:
                    add(core)
                fresh = self._fresh(stopped, self._greedy(stopped))
        chosen = self._needed(chosen, stopped)
        weight = sum(self.costs[i] for i in sorted(chosen))
        bound = max(0.0, answer.bound + prize * len(stopped))
        names = tuple(self.choices[i] for i in sorted(chosen))
        optimal = weight - bound <= 1e-6 * (1 + weight)
        free = tuple(
            n for a, n in enumerate(self.names) if a in stopped or a not in self.threatening
        )
        return Cut(
            names,
            weight,
            optimal,
            weight if optimal else bound,
            (),
            self._told(names, weight, stopped),
            attackers=free,
        )

    def _told(self, names: Sequence[str], weight: float, stopped: Sequence[int]) -> str:
        who = listed([self.names[a] for a in stopped])
        if not names:
            return f"Nothing is cut: {self.goal} stays within reach." if not stopped else ""
        return (
            f"{_names(self.chain, names)} leave no path to {self.goal} for {who}. "
            f"{len(self.cores)} paths were looked at; no lighter set than {weight:g} hits them all."
        )

    def _needed(self, chosen: frozenset[int], stopped: Sequence[int]) -> frozenset[int]:
        """Drop mitigations that add nothing, as those of weight 0 may."""
        for i in sorted(chosen, key=lambda i: (-self.costs[i], -i)):
            if not any(self._path(a, chosen - {i}) for a in stopped):
                chosen = chosen - {i}
        return chosen

    def _allowed(self, a: int, chosen: frozenset[int]) -> int:
        allowed = self.graphs[a].all
        for i in chosen:
            allowed &= ~self.masks[i][a]
        return allowed

    def _path(self, a: int, chosen: frozenset[int]) -> bool:
        return self.graphs[a].derives(self._allowed(a, chosen))

    def _greedy(self, wanted: Sequence[int]) -> frozenset[int]:
        """Return a light set that hits every known path of these attackers."""
        left = [core.choices for core in self.cores if core.attacker in wanted]
        chosen: set[int] = set()
        while left:
            hits = Counter(i for choices in left for i in sorted(choices))
            best = max(hits, key=lambda i: (hits[i] / (1e-9 + self.costs[i]), -i))
            chosen.add(best)
            left = [choices for choices in left if best not in choices]
        return frozenset(chosen)

    def _fresh(self, wanted: Sequence[int], chosen: frozenset[int]) -> list[_Core]:
        """Return, and keep, paths of these attackers that avoid a choice."""
        found = [core for a in wanted for core in self._avoiding(a, chosen)]
        self.cores += found
        return found

    def _avoiding(self, a: int, chosen: frozenset[int]) -> list[_Core]:
        """Return paths of an attacker that avoid a choice and share no mitigation."""
        graph = self.graphs[a]
        load = [0.001] * len(graph.names)  # paths that few mitigations hit say most
        for masks in self.masks:
            for step in bits(masks[a]):
                load[step] += 1.0
        found: list[_Core] = []
        while (steps := graph.some(self._allowed(a, chosen), load)) is not None:
            choices = frozenset(i for i, masks in enumerate(self.masks) if masks[a] & steps)
            found.append(_Core(a, choices))
            chosen |= choices
        return found


def _within(cover: _Cover, full: Cut, budget: float) -> Cut:
    """Return what a budget that is too small for a full cut can do."""
    best = cover.solve(cover.threatening, budget)
    effect = blocks(best.mitigations, cover.chain, cover.least)
    removed = frozenset(name for names in effect.values() for name in names)
    left = next(a for a in cover.threatening if cover.names[a] not in best.attackers)
    path = cover.remaining(left, removed)
    told = (
        f"A full cut weighs {full.weight:g} ({_names(cover.chain, full.mitigations)}), the budget "
        f"is {budget:g}. "
    )
    if best.mitigations:
        told += best.explanation
    else:
        told += "No attacker can be cut off within it."
    return Cut(
        best.mitigations,
        best.weight,
        best.optimal,
        best.bound,
        path.techniques,
        told,
        complete=False,
        attackers=best.attackers,
        path=path,
    )
