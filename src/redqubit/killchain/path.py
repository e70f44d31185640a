"""The cheapest attack paths from what an attacker holds to a goal, step by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from redqubit.core.errors import InputError, nearest, unknown
from redqubit.killchain.derivation import Graph, Ground, Option
from redqubit.killchain.effort import effort
from redqubit.killchain.feasible import Scene, ways
from redqubit.killchain.landmark import cheapest as cheapest_sets
from redqubit.killchain.model import KillChain, Level, Technique
from redqubit.killchain.system import Attacker, Pipeline

Protection = Literal["confidentiality", "integrity", "availability", "capability", "technique"]
PROTECTIONS: Final = ("confidentiality", "integrity", "availability")
LEVELS: Final[Mapping[str, int]] = {"none": 0, "low": 1, "medium": 2, "high": 3}
MILLI: Final = 1000  # efforts have three decimals, so sums of thousandths are exact


@dataclass(frozen=True)
class Goal:
    """What an attacker is after: a protection goal of an asset, hurt at ``least`` so far.

    With the protection ``capability`` or ``technique``, ``asset`` is the id of the capability to
    be held or of the technique to be run, and ``least`` says nothing.
    """

    asset: str
    protection: Protection
    least: Level = "medium"

    @classmethod
    def of(cls, text: str, chain: KillChain) -> Goal:
        """Read ``asset:protection[:level]``, the id of a capability or the id of a technique.

        Raises
        ------
        InputError
            A word is unknown; the near miss is named.
        """
        capabilities = {item.id for item in chain.capabilities}
        techniques = {item.id for item in chain.techniques}
        parts = [part.strip() for part in text.split(":")]
        if len(parts) == 1:
            name = parts[0]
            if name in capabilities:
                return cls(name, "capability")
            if name in techniques:
                return cls(name, "technique")
            assets = [item.id for item in chain.assets]
            hint = nearest(name, [*capabilities, *techniques, *assets])
            raise InputError(
                f"unknown goal {name!r}{hint}; give asset:protection[:level], such as "
                "results:integrity:high, or the id of a capability or technique"
            )
        if len(parts) > 3:
            raise InputError(f"a goal reads asset:protection[:level], got {text!r}")
        asset, protection, least = (*parts, "medium")[:3]
        for kind, word, known in (
            ("asset", asset, [item.id for item in chain.assets]),
            ("protection goal", protection, PROTECTIONS),
            ("level", least, ("low", "medium", "high")),
        ):
            if word not in known:
                raise unknown(kind, word, known)
        return cls(asset, protection, least)  # type: ignore[arg-type]  # checked above

    def __str__(self) -> str:
        if self.protection in ("capability", "technique"):
            return self.asset
        return f"{self.asset}:{self.protection}:{self.least}"

    def reached_by(self, technique: Technique) -> bool:
        """Say whether a technique that succeeds reaches the goal by itself."""
        if self.protection == "technique":
            return technique.id == self.asset
        if self.protection == "capability":
            return self.asset in technique.grants
        level = getattr(technique.impact, self.protection)
        return self.asset in technique.assets and LEVELS[level] >= LEVELS[self.least]


@dataclass(frozen=True)
class Use:
    """A capability a step uses, and the earlier step it came from, or ``held``."""

    capability: str
    source: str


@dataclass(frozen=True)
class Step:
    """One technique of a path: what it uses, what it adds to what is held, and why in a sentence.

    ``tactic`` is the first of the technique's tactics that does not lie before the step before; for
    the last step, the last of them.
    """

    technique: str
    tactic: str
    uses: tuple[Use, ...]
    gains: tuple[str, ...]
    sentence: str


@dataclass(frozen=True)
class Path:
    """A minimal set of techniques that reaches a goal, in an order that works.

    ``effort`` is in person-day equivalents (see `effort.FORMULA`); each technique counts once.
    """

    steps: tuple[Step, ...]
    effort: float
    goal: Goal

    @property
    def techniques(self) -> tuple[str, ...]:
        """Return the ids of the techniques, in order."""
        return tuple(step.technique for step in self.steps)


@dataclass(frozen=True)
class Answer:
    """The cheapest paths, in order of effort, then of ids; ``exhausted`` if there are no others."""

    paths: tuple[Path, ...]
    exhausted: bool
    note: str


def cheapest(
    attacker: Attacker,
    pipeline: Pipeline,
    goal: Goal,
    chain: KillChain,
    k: int = 5,
    *,
    blocked: frozenset[str] = frozenset(),
) -> Answer:
    """Return the ``k`` cheapest paths of an attacker to a goal, exactly.

    A path is a minimal set of techniques: without any of them the goal is out of reach. A
    capability that is held from the start has one path without steps. ``blocked`` are techniques
    taken away beyond those that mitigations in place block. A budget limits each technique, not
    their sum.

    Raises
    ------
    InputError
        ``k`` is not positive.
    """
    if k < 1:
        raise InputError(f"the number of paths must be at least 1, got {k}")
    return Routes(Scene(attacker, pipeline, chain, blocked)).cheapest(goal, k)


class Routes:
    """The paths of one attacker on one pipeline, to any goal."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._techniques = {item.id: item for item in scene.runnable}
        self._ground = Ground(
            (
                Option(item.id, max(1, round(effort(item) * MILLI)), item.requires, item.grants)
                for item in scene.runnable
            ),
            scene.start,
        )

    def graph(self, goal: Goal) -> Graph:
        """Return the part of the AND/OR graph that matters for a goal."""
        if goal.protection == "technique":
            return Graph(self._ground, frozenset([goal.asset]))
        if goal.protection == "capability":
            return Graph(self._ground, capability=goal.asset)
        reaching = (item.id for item in self._techniques.values() if goal.reached_by(item))
        return Graph(self._ground, frozenset(reaching))

    def cheapest(self, goal: Goal, k: int) -> Answer:
        """Return the ``k`` cheapest paths to a goal."""
        graph = self.graph(goal)
        if graph.met:
            note = f"{self._name(goal.asset)} is held before the first step."
            return Answer((Path((), 0.0, goal),), True, note)
        found = cheapest_sets(graph, k)
        paths = tuple(self.path(graph, steps, goal) for steps in found.sets)
        if not paths:
            return Answer((), True, f"No path leads to {goal}.")
        plural = "" if len(paths) == 1 else "s"
        if found.exhausted:
            note = f"All {len(paths)} path{plural} to {goal}."
        elif found.proven:
            note = f"The {len(paths)} cheapest path{plural} to {goal}; there are more."
        else:
            note = f"{len(paths)} path{plural} to {goal}; the search stopped before all were seen."
        return Answer(paths, found.exhausted, note)

    def path(self, graph: Graph, steps: int, goal: Goal) -> Path:
        """Explain a minimal deriving set of a graph as a path."""
        chosen = [self._techniques[name] for name in graph.names_of(steps)]
        return Path(self._steps(chosen), graph.cost(steps) / MILLI, goal)

    def _steps(self, chosen: Sequence[Technique]) -> tuple[Step, ...]:
        """Order techniques so that each one's requirement is met, by tactic, then by id."""
        order = {item.id: item.order for item in self.scene.chain.tactics}
        source = dict.fromkeys(sorted(self.scene.start), "held")
        waiting = sorted(chosen, key=lambda t: (min(order[name] for name in t.tactics), t.id))
        steps: list[Step] = []
        at = 0
        while waiting:
            item = next(t for t in waiting if t.requires.met(frozenset(source)))
            waiting.remove(item)
            stages = sorted(item.tactics, key=lambda name: order[name])
            later = [name for name in stages if order[name] >= at] or stages[-1:]
            tactic = later[0] if waiting else stages[-1]
            at = max(at, order[tactic])
            gains = tuple(word for word in item.grants if word not in source)
            uses = self._uses(item, source)
            step = Step(item.id, tactic, uses, gains, "")
            steps.append(replace(step, sentence=self._sentence(item, step, steps)))
            source |= dict.fromkeys(gains, item.id)
        return tuple(steps)

    def _uses(self, item: Technique, source: Mapping[str, str]) -> tuple[Use, ...]:
        """Return the smallest way to meet a requirement, with the fewest words from steps."""
        lacking = frozenset(word for word in item.requires.words if word not in source)
        possible = [way for way in ways(item.requires, frozenset()) if not way & lacking]

        def gained(way: frozenset[str]) -> tuple[int, int, list[str]]:
            return (sum(source[word] != "held" for word in way), len(way), sorted(way))

        way = min(possible, key=gained, default=frozenset[str]())
        return tuple(Use(word, source[word]) for word in sorted(way))

    def _sentence(self, item: Technique, step: Step, before: Sequence[Step]) -> str:
        number = {earlier.technique: n for n, earlier in enumerate(before, 1)}
        told = [
            self._name(use.capability)
            + ("" if use.source == "held" else f" (step {number[use.source]})")
            for use in step.uses
        ]
        given = f"With {listed(told)}: " if told else "Without any prerequisite: "
        gains = f" It brings {listed([self._name(word) for word in step.gains])}."
        return given + item.summary[:1].lower() + item.summary[1:] + (gains if step.gains else "")

    def _name(self, word: str) -> str:
        return self.scene.chain.words.get(word, word).lower()


def labels(attackers: Sequence[Attacker]) -> tuple[str, ...]:
    """Return a name for each attacker: the actor's id, numbered where an actor comes again."""
    seen: Counter[str] = Counter()
    names = []
    for attacker in attackers:
        seen[attacker.actor] += 1
        count = seen[attacker.actor]
        names.append(attacker.actor if count == 1 else f"{attacker.actor} {count}")
    return tuple(names)


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
