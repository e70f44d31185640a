"""Which mitigations hit which steps of which attacker, and the lightest set that hits all paths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from redqubit.killchain.derivation import Graph, Need, bits
from redqubit.killchain.feasible import Least, Scene, blocks
from redqubit.killchain.model import KillChain
from redqubit.killchain.path import Goal, Path, Routes, labels
from redqubit.killchain.solver import Program
from redqubit.killchain.system import Attacker, Pipeline

Row = tuple[dict[int, float], float]
"""Weights of columns, and what their sum is at least."""


@dataclass(frozen=True)
class Choice:
    """A set of mitigations, the attackers it leaves without a path, and its proven lower bound."""

    mitigations: tuple[str, ...]
    weight: float
    bound: float
    stopped: tuple[int, ...]

    @property
    def optimal(self) -> bool:
        """Say whether the weight meets the bound."""
        return self.bound >= self.weight


@dataclass(frozen=True)
class _Core:
    """A path of an attacker, as the indices of the mitigations of which one must be chosen."""

    attacker: int
    choices: frozenset[int]


@dataclass
class Cover:
    """The paths of several attackers to a goal against the mitigations that could be chosen.

    ``removed`` are techniques that those in place take away. ``threatening`` holds the indices of
    the attackers who have a path, ``coverable`` all techniques that some mitigation removes.
    """

    attackers: Sequence[Attacker]
    pipeline: Pipeline
    goal: Goal
    chain: KillChain
    least: Least
    removed: frozenset[str]
    weights: Mapping[str, float]
    _cores: list[_Core] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = labels(self.attackers)
        self._routes = [
            Routes(Scene(attacker, self.pipeline, self.chain, self.removed))
            for attacker in self.attackers
        ]
        self._graphs: list[Graph] = [routes.graph(self.goal) for routes in self._routes]
        self.threatening = [a for a, graph in enumerate(self._graphs) if graph.derives(graph.all)]
        effect = blocks([item.id for item in self.chain.mitigations], self.chain, self.least)
        self.coverable = frozenset(name for names in effect.values() for name in names)
        masks = {
            name: [graph.mask(techniques) for graph in self._graphs]
            for name, techniques in effect.items()
            if name not in self.pipeline.mitigations
        }
        self._choices = sorted(name for name, mask in masks.items() if any(mask))
        self._masks = [masks[name] for name in self._choices]
        self._costs = [self.weights[name] for name in self._choices]

    def open_ended(self, a: int) -> bool:
        """Say whether an attacker keeps a path though every mitigation is chosen."""
        graph = self._graphs[a]
        return graph.derives(graph.without(self.coverable))

    def remaining(self, a: int, removed: frozenset[str]) -> Path:
        """Return a cheapest path of an attacker that avoids techniques."""
        attacker = self._routes[a].scene.attacker
        left = Scene(attacker, self.pipeline, self.chain, self.removed | removed)
        return Routes(left).cheapest(self.goal, 1).paths[0]

    def solve(self, wanted: Sequence[int], budget: float | None = None) -> Choice:
        """Return the lightest set that cuts off these attackers, or most of them in a budget.

        The program chooses mitigations and, for each attacker, a set of words closed under the
        steps that are left, without the goal if the attacker is to be cut off; such a set exists
        if and only if no path is left. Paths found beforehand bound it from below.
        """
        fresh = self._fresh(wanted, frozenset())
        while fresh:  # a set that hits all known paths is found faster than a lightest one
            fresh = self._fresh(wanted, self._greedy(wanted))
        count = len(self._choices)
        prize = 0.0 if budget is None else 1.0 + sum(self._costs)
        freed = {a: count + n for n, a in enumerate(wanted)}
        columns = [*self._costs, *(-prize for _ in wanted)]
        rows = [row for a in wanted for row in self._closure(a, columns, freed[a])]
        if budget is None:
            rows += [({column: 1.0}, 1.0) for column in freed.values()]
        else:
            rows.append(({i: -cost for i, cost in enumerate(self._costs)}, -budget))
        program = Program(columns)
        for terms, least in [*rows, *self._hits(self._cores, freed)]:
            program.at_least(terms, least)
        while True:
            answer = program.solve()
            if answer is None:
                raise AssertionError("choosing every mitigation, or none, is always possible")
            chosen = frozenset(i for i in answer.chosen if i < count)
            stopped = tuple(a for a, column in freed.items() if column in answer.chosen)
            fresh = self._fresh(stopped, chosen)  # none, but for the solver's tolerance
            if not fresh:
                break
            for terms, least in self._hits(fresh, freed):
                program.at_least(terms, least)
        chosen = self._needed(chosen, stopped)
        weight = sum(self._costs[i] for i in sorted(chosen))
        bound = max(0.0, answer.bound + prize * len(stopped))
        names = tuple(self._choices[i] for i in sorted(chosen))
        tight = weight - bound <= 1e-6 * (1 + weight)  # the solver's tolerance
        return Choice(names, weight, weight if tight else bound, stopped)

    def _closure(self, a: int, columns: list[float], freed: int) -> list[Row]:
        """Add columns for the words of an attacker's graph; return what closes a set of them."""
        graph = self._graphs[a]
        rows: list[Row] = []

        def column() -> int:
            columns.append(0.0)
            return len(columns) - 1

        words = {word: column() for word in graph.granting}

        def needs(need: Need) -> Row:
            """Return the row that is violated if all clauses hold, to be met by another column."""
            row: dict[int, float] = {}
            for mask, nested in need:
                options = [words[word] for word in bits(mask)]
                for inner in nested:
                    terms, least = needs(inner)
                    options.append(column())
                    rows.append((terms | {options[-1]: 1.0}, least))
                clause = options[0] if len(options) == 1 else column()
                if len(options) > 1:
                    rows.extend(({clause: 1.0, option: -1.0}, 0.0) for option in options)
                row[clause] = row.get(clause, 0.0) - 1.0
            return row, 1.0 + sum(row.values())

        for i, need in enumerate(graph.needs):
            terms, least = needs(need)
            removing = {j: 1.0 for j, masks in enumerate(self._masks) if masks[a] >> i & 1}
            for word in bits(graph.grants[i]):
                grown = dict(terms)
                grown[words[word]] = grown.get(words[word], 0.0) + 1.0
                rows.append((grown | removing, least))
        if 0 in words:
            rows.append(({words[0]: -1.0, freed: -1.0}, -1.0))
        return rows

    def _hits(self, cores: Sequence[_Core], freed: Mapping[int, int]) -> list[Row]:
        return [
            (dict.fromkeys(sorted(core.choices), 1.0) | {freed[core.attacker]: -1.0}, 0.0)
            for core in cores
            if core.attacker in freed
        ]

    def _needed(self, chosen: frozenset[int], stopped: Sequence[int]) -> frozenset[int]:
        """Drop mitigations that add nothing, as those of weight 0 may."""
        for i in sorted(chosen, key=lambda i: (-self._costs[i], -i)):
            less = chosen - {i}
            if not any(self._graphs[a].derives(self._allowed(a, less)) for a in stopped):
                chosen = less
        return chosen

    def _allowed(self, a: int, chosen: frozenset[int]) -> int:
        allowed = self._graphs[a].all
        for i in chosen:
            allowed &= ~self._masks[i][a]
        return allowed

    def _greedy(self, wanted: Sequence[int]) -> frozenset[int]:
        """Return a light set that hits every known path of these attackers."""
        left = [core.choices for core in self._cores if core.attacker in wanted]
        chosen: set[int] = set()
        while left:
            hits = Counter(i for choices in left for i in sorted(choices))
            best = max(hits, key=lambda i: (hits[i] / (1e-9 + self._costs[i]), -i))
            chosen.add(best)
            left = [choices for choices in left if best not in choices]
        return frozenset(chosen)

    def _fresh(self, wanted: Sequence[int], chosen: frozenset[int]) -> list[_Core]:
        """Return, and keep, paths of these attackers that avoid a choice."""
        found = [core for a in wanted for core in self._avoiding(a, chosen)]
        self._cores += found
        return found

    def _avoiding(self, a: int, chosen: frozenset[int]) -> list[_Core]:
        """Return paths of an attacker that avoid a choice and share no mitigation."""
        graph = self._graphs[a]
        load = [0.001] * len(graph.names)  # paths that few mitigations hit say most
        for masks in self._masks:
            for step in bits(masks[a]):
                load[step] += 1.0
        found: list[_Core] = []
        while (steps := graph.some(self._allowed(a, chosen), load)) is not None:
            choices = frozenset(i for i, masks in enumerate(self._masks) if masks[a] & steps)
            if not choices:
                break  # within a budget an attacker whom nothing stops stays free
            found.append(_Core(a, choices))
            chosen |= choices
        return found
