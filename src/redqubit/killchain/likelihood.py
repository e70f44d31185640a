"""How likely paths are to succeed: Monte Carlo over what is known of their techniques."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from redqubit.killchain.chance import Basis, Chances, Draws, Measured, measured
from redqubit.killchain.model import KillChain
from redqubit.killchain.path import Path
from redqubit.killchain.system import Pipeline

__all__ = [
    "FORMULA",
    "Basis",
    "Chances",
    "Change",
    "Influence",
    "Likelihood",
    "Measured",
    "Span",
    "measured",
    "sensitivity",
    "simulate",
    "union",
    "what_if",
]

FORMULA: Final = (
    "A path succeeds if each of its techniques does: P(path) is the product of P(technique), given "
    "independence between techniques. P(technique) is drawn from Beta(s + 1/2, n - s + 1/2) where "
    "redqubit measured s successes in n trials, from the same with n = 10 around a published "
    "success rate, and else from a range set by maturity; mitigations in place multiply it. A "
    "technique that several paths share is drawn once a trial. Any path succeeds with the "
    "probability of the union. The interval holds the middle 95 % of the trials."
)


@dataclass(frozen=True)
class Span:
    """A probability: mean and the interval that holds the middle 95 % of the trials."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Likelihood:
    """How likely each path succeeds, and how likely any of them does.

    ``basis`` says for each technique where its probability comes from; ``techniques`` holds it.
    """

    paths: tuple[Span, ...]
    any_path: Span
    basis: Mapping[str, Basis]
    techniques: Mapping[str, Span]
    draws: int
    seed: int


@dataclass(frozen=True)
class Influence:
    """What one technique means for the success of any path.

    ``certain`` and ``impossible`` are the mean probability of any path if the technique always or
    never succeeds; ``swing`` is their difference, Birnbaum's importance.
    """

    technique: str
    certain: float
    impossible: float
    swing: float


@dataclass(frozen=True)
class Change:
    """What a mitigation would change, over the same trials."""

    mitigation: str
    before: Likelihood
    after: Likelihood


def simulate(
    paths: Sequence[Path],
    chain: KillChain,
    pipeline: Pipeline,
    *,
    measured: Measured | None = None,
    mitigations: Sequence[str] = (),
    draws: int = 10_000,
    seed: int = 0,
) -> Likelihood:
    """Return how likely paths succeed, by Monte Carlo over what is known of each technique.

    Parameters
    ----------
    paths
        Of one or several attackers; a technique they share succeeds or fails for all of them.
    measured
        See `measured`; it comes before published rates, and those before expert ranges.
    mitigations
        Taken as in place beyond those of the pipeline; a technique they prevent strongly cannot
        succeed.
    draws, seed
        How many trials, and the seed they all derive from.

    Raises
    ------
    InputError
        A mitigation or technique is unknown, or there are no draws.

    Notes
    -----
    `FORMULA` states the model. The product over a path's steps is that of attack trees (Schneier
    1999; Mauw and Oostdijk 2005, doi:10.1007/11734727_17); ranges drawn by Monte Carlo follow FAIR
    (Freund and Jones 2015; The Open Group, O-RA); the prior is Jeffreys'. Independence between
    techniques is an assumption, and a strong one.
    """
    chances = Chances(
        chain, pipeline, measured=measured, mitigations=mitigations, draws=draws, seed=seed
    )
    sets = [frozenset(path.techniques) for path in paths]
    names = sorted(frozenset[str]().union(*sets))
    values = {name: chances.sample(name) for name in names}
    products = [_product(item, values, draws) for item in sets]
    return Likelihood(
        tuple(map(_span, products)),
        _span(np.broadcast_to(union(sets, values), (draws,))),
        {name: chances.basis(name) for name in names},
        {name: _span(values[name]) for name in names},
        draws,
        seed,
    )


def sensitivity(
    paths: Sequence[Path],
    chain: KillChain,
    pipeline: Pipeline,
    *,
    measured: Measured | None = None,
    mitigations: Sequence[str] = (),
) -> tuple[Influence, ...]:
    """Return what each technique means for the success of any path, the greatest swing first.

    Means are exact: under independence the probability of the union is linear in each technique's.
    Source: Birnbaum (1969), On the importance of different components in a multicomponent system.
    """
    chances = Chances(chain, pipeline, measured=measured, mitigations=mitigations)
    sets = [frozenset(path.techniques) for path in paths]
    means = {name: chances.mean(name) for name in sorted(frozenset[str]().union(*sets))}
    found = []
    for name in means:
        certain = float(union(sets, means | {name: 1.0}))
        impossible = float(union(sets, means | {name: 0.0}))
        found.append(Influence(name, certain, impossible, certain - impossible))
    return tuple(sorted(found, key=lambda item: (-item.swing, item.technique)))


def what_if(
    mitigation: str,
    paths: Sequence[Path],
    chain: KillChain,
    pipeline: Pipeline,
    *,
    measured: Measured | None = None,
    draws: int = 10_000,
    seed: int = 0,
) -> Change:
    """Return how likely these paths succeed without and with one more mitigation in place.

    Both use the same draws. Other paths may take the place of those that are cut; ask for the
    cheapest paths again to see them.
    """
    before = simulate(paths, chain, pipeline, measured=measured, draws=draws, seed=seed)
    after = simulate(
        paths,
        chain,
        pipeline,
        measured=measured,
        mitigations=(mitigation,),
        draws=draws,
        seed=seed,
    )
    return Change(mitigation, before, after)


def union(sets: Iterable[frozenset[str]], values: Mapping[str, Any]) -> Any:
    """Return the probability that every technique of at least one set succeeds.

    ``values`` are probabilities or arrays of them; techniques are independent. The union is split
    on the technique that most sets hold, which succeeds or fails, until sets share nothing.
    """
    known: dict[frozenset[frozenset[str]], Any] = {}

    def solve(left: frozenset[frozenset[str]]) -> Any:
        if frozenset() in left:
            return 1.0
        if left not in known:
            known[left] = split(left)
        return known[left]

    def split(left: frozenset[frozenset[str]]) -> Any:
        if len(left) == 1:
            return _product(next(iter(left)), values, None)
        count: dict[str, int] = {}
        for item in left:
            for name in item:
                count[name] = count.get(name, 0) + 1
        name = min(count, key=lambda word: (-count[word], word), default="")
        if not name or count[name] == 1:
            fails: Any = 1.0
            for item in sorted(left, key=sorted):
                fails = fails * (1.0 - _product(item, values, None))
            return 1.0 - fails
        succeeds = solve(_smallest(item - {name} for item in left))
        fails = solve(frozenset(item for item in left if name not in item))
        return values[name] * succeeds + (1.0 - values[name]) * fails

    return solve(_smallest(sets))


def _smallest(sets: Iterable[frozenset[str]]) -> frozenset[frozenset[str]]:
    """Return the sets that contain no other."""
    every = set(sets)
    return frozenset(item for item in every if not any(other < item for other in every))


def _product(names: frozenset[str], values: Mapping[str, Any], draws: int | None) -> Any:
    total: Any = 1.0 if draws is None else np.ones(draws)
    for name in sorted(names):
        total = total * values[name]
    return total


def _span(values: Draws) -> Span:
    low, high = np.quantile(values, (0.025, 0.975))
    return Span(float(values.mean()), float(low), float(high))
