"""Whether a new run is worse than an earlier one by more than chance: the gate of a pipeline."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from redqubit.core.errors import InputError
from redqubit.core.estimate import Rate
from redqubit.core.evidence import Evidence
from redqubit.core.record import digest

Verdict = Literal["worse", "no worse", "missing"]
Key = tuple[str, str, str, str, str, str, int]


@dataclass(frozen=True)
class Comparison:
    """One rate before and after: how much was lost, with its interval, and the verdict.

    ``lost`` counts towards harm: accuracy that fell, or agreement of a stolen copy that rose.
    ``missing`` says that the new run lacks what the earlier one measured, which is no pass.
    """

    name: str
    what: str
    before: Rate
    after: Rate | None
    lost: float | None
    low: float | None
    high: float | None
    verdict: Verdict


def loss(before: Rate, after: Rate, z: float) -> tuple[float, float, float]:
    """Return ``before - after`` with its interval of ``z`` standard errors.

    Both rates need trials. Source: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10:
    the interval of a difference of independent proportions from their Wilson intervals.
    """
    p, q = before.successes / before.n, after.successes / after.n
    (p_low, p_high), (q_low, q_high) = _wilson(p, before.n, z), _wilson(q, after.n, z)
    return (
        p - q,
        p - q - math.hypot(p - p_low, q_high - q),
        p - q + math.hypot(p_high - p, q - q_low),
    )


def _wilson(p: float, n: int, z: float) -> tuple[float, float]:
    middle, spread = p + z**2 / (2 * n), z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    return (middle - spread) / scale, (middle + spread) / scale


def compare(
    before: Iterable[Evidence], after: Iterable[Evidence], tolerance: float = 0.0
) -> tuple[Comparison, ...]:
    """Compare clean accuracy, accuracy under attack, certified accuracy and theft of two runs.

    A rate is worse if the lower end of the interval of what was lost lies above ``tolerance``. The
    intervals hold together with 95 % confidence (Bonferroni), so that the scatter of test samples
    seldom stops a release, however many rates are compared. Rates are matched by attack, defense,
    their parameters, view, radius and repeat; what only the new run has is not judged.

    Raises
    ------
    InputError
        The tolerance is not within [0, 1), the earlier run measured nothing, or one of them holds
        the same measurement twice, as a folder with several runs does.
    """
    if not 0 <= tolerance < 1:
        raise InputError(f"the tolerance must be within [0, 1), got {tolerance:g}")
    old, new = _by_key(before, "earlier"), _by_key(after, "new")
    if not old:
        raise InputError("the earlier run measured nothing that could get worse")
    z = NormalDist().inv_cdf(1 - 0.05 / (2 * len(old)))
    return tuple(_compare(key, rate, new.get(key), z, tolerance) for key, rate in old.items())


def _by_key(evidence: Iterable[Evidence], which: str) -> dict[Key, Rate]:
    found: dict[Key, Rate] = {}
    for key, rate in _rates(evidence):
        if key in found:
            raise InputError(
                f"the {which} run holds {key[5]} of {key[0]} against {key[1]} twice, so its folder "
                "holds several runs; give the folder of one"
            )
        found[key] = rate
    return found


def _compare(key: Key, before: Rate, after: Rate | None, z: float, tolerance: float) -> Comparison:
    attack, defense, view, radius, _, what, repeat = key
    words = (attack, radius, f"against {defense}" if defense != "none" else "", view)
    name = " ".join(word for word in words if word and word != "none")
    name += f", repeat {repeat}" if repeat else ""
    if after is None:
        return Comparison(name, what, before, after, None, None, None, "missing")
    pair = (after, before) if what == "agreement of the copy" else (before, after)
    lost, low, high = loss(*pair, z)
    return Comparison(
        name, what, before, after, lost, low, high, "worse" if low > tolerance else "no worse"
    )


def _rates(evidence: Iterable[Evidence]) -> Iterator[tuple[Key, Rate]]:
    """Yield every rate of a run that can get worse."""
    for item in evidence:
        if item.status != "measured":
            continue
        radius = str(item.radius) if item.radius is not None else ""
        settings = digest((dict(item.parameters), dict(item.defense_parameters)))
        for what, rate in _of(item):
            if rate is not None and rate.n:
                key = (item.attack, item.defense, item.view, radius, settings, what, item.repeat)
                yield key, rate


def _of(item: Evidence) -> Iterator[tuple[str, Rate | None]]:
    match item.kind:
        case "baseline":
            yield "clean accuracy", item.rates.get("clean_accuracy")
        case "evasion" | "poisoning":
            yield "accuracy under attack", item.rates.get("attacked_accuracy")
        case "extraction":
            yield "agreement of the copy", item.success
        case "certificate":
            for name in sorted(item.rates):
                if name.startswith("robust accuracy"):
                    yield f"certified {name}", item.rates[name]
