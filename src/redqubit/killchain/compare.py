"""What changes between two pipelines: fields, techniques within reach, and attack paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redqubit.core.record import to_json
from redqubit.killchain.feasible import Scene, reachable
from redqubit.killchain.model import KillChain
from redqubit.killchain.path import PROTECTIONS, Goal, Path, Routes, labels
from redqubit.killchain.system import Attacker, Pipeline


@dataclass(frozen=True)
class FieldChange:
    """A field of the pipeline by its path, such as ``provider.tenancy``; None where absent."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class ActorChange:
    """What an attacker can do in one pipeline and not in the other.

    A path counts if it is among the cheapest of its goal in one pipeline and no path at all in the
    other.
    """

    actor: str
    appeared: tuple[str, ...]
    vanished: tuple[str, ...]
    paths_appeared: tuple[Path, ...]
    paths_vanished: tuple[Path, ...]


@dataclass(frozen=True)
class Difference:
    """Everything that changes from one pipeline to another."""

    fields: tuple[FieldChange, ...]
    actors: tuple[ActorChange, ...]


def goals_of(chain: KillChain) -> tuple[Goal, ...]:
    """Return every protection goal of an asset that some technique hurts at least at medium."""
    every = (Goal(asset.id, kind) for asset in chain.assets for kind in PROTECTIONS)
    return tuple(goal for goal in every if any(map(goal.reached_by, chain.techniques)))


def difference(
    a: Pipeline,
    b: Pipeline,
    chain: KillChain,
    goals: Sequence[Goal] | None = None,
    k: int = 3,
) -> Difference:
    """Return what changes from pipeline ``a`` to pipeline ``b``.

    Attackers are matched by actor, and among equal actors by their order; one that only one
    pipeline lists can do nothing in the other. Without ``goals``, those of `goals_of` count.
    """
    wanted = goals_of(chain) if goals is None else tuple(goals)
    before = dict(zip(labels(a.actors), a.actors, strict=True))
    after = dict(zip(labels(b.actors), b.actors, strict=True))
    actors = tuple(
        _actor(name, (a, before.get(name)), (b, after.get(name)), chain, wanted, k)
        for name in [*before, *(name for name in after if name not in before)]
    )
    return Difference(_fields(a, b), actors)


Side = tuple[Pipeline, Attacker | None]


def _actor(
    name: str, a: Side, b: Side, chain: KillChain, goals: Sequence[Goal], k: int
) -> ActorChange:
    order = {item.id: i for i, item in enumerate(chain.techniques)}
    can = [
        frozenset(reachable(who, pipeline, chain).feasible) if who else frozenset[str]()
        for pipeline, who in (a, b)
    ]
    routes = [Routes(Scene(who, pipeline, chain)) if who else None for pipeline, who in (a, b)]
    return ActorChange(
        name,
        tuple(sorted(can[1] - can[0], key=order.__getitem__)),
        tuple(sorted(can[0] - can[1], key=order.__getitem__)),
        tuple(_only(routes[1], routes[0], goals, k)),
        tuple(_only(routes[0], routes[1], goals, k)),
    )


def _only(
    here: Routes | None, there: Routes | None, goals: Sequence[Goal], k: int
) -> Iterator[Path]:
    """Yield the cheapest paths here that are no paths there."""
    for goal in goals if here else ():
        assert here is not None
        other = there.graph(goal) if there else None
        for path in here.cheapest(goal, k).paths:
            if other is None or not other.is_path(path.techniques):
                yield path


def _fields(a: Pipeline, b: Pipeline) -> tuple[FieldChange, ...]:
    before, after = dict(_flat(to_json(a))), dict(_flat(to_json(b)))
    return tuple(
        FieldChange(key, before.get(key), after.get(key))
        for key in dict.fromkeys([*before, *after])
        if before.get(key) != after.get(key)
    )


def _flat(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every leaf with its path; a list is a leaf."""
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
