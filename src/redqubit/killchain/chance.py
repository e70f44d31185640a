"""How likely a technique succeeds: measured, published or judged by maturity."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from redqubit.core.errors import InputError, unknown
from redqubit.core.evidence import Evidence
from redqubit.core.streams import stream
from redqubit.killchain.feasible import blocked_by
from redqubit.killchain.model import KillChain, Maturity, Mitigation, Technique
from redqubit.killchain.query import evidence_of, mitigations_of
from redqubit.killchain.system import Pipeline

Basis = Literal["measured", "published", "expert"]
Measured = Mapping[str, tuple[int, int]]
"""Successes and trials of techniques on the user's own model, by technique id."""

PSEUDO_COUNT: Final = 10.0
"""How many trials on the user's model a published rate from somebody else's is worth (ours)."""

EXPERT: Final[Mapping[Maturity, tuple[float, float]]] = {
    "proposed": (0.02, 0.3),
    "theory": (0.05, 0.4),
    "ideal simulation": (0.1, 0.6),
    "noisy simulation": (0.2, 0.7),
    "real QPU": (0.3, 0.8),
    "incident": (0.5, 0.95),
}
"""Ranges of success by maturity where nothing was measured or published (ours)."""

FACTOR: Final[Mapping[str, tuple[float, float]]] = {
    "strong": (0.05, 0.3),
    "partial": (0.3, 0.8),
    "weak": (0.7, 1.0),
    "unknown": (0.5, 1.0),
    "none": (1.0, 1.0),
}
"""By what a preventing mitigation in place multiplies success (ours)."""

AFTERWARDS: Final[Mapping[str, str]] = {"strong": "partial", "partial": "weak", "weak": "none"}
"""A mitigation that detects or responds counts one step weaker, because someone must act (ours)."""

_SUCCESS: Final = re.compile(
    r"attack success|success rate|misclassification rate|accuracy of (naming|predicting)|"
    r"accuracy on the backdoor task|agreement of the (clone|copy)|encodings named correctly|"
    r"labels recovered|victim programs with altered output|programs traced to"
)
_NO_SUCCESS: Final = re.compile(
    r"\b(gain|loss|drop|rise|change|increase|under|against|detect\w*)\b"
)

Draws = NDArray[np.float64]


def measured(evidence: Iterable[Evidence]) -> dict[str, tuple[int, int]]:
    """Return successes and trials of each technique that redqubit ran on the user's model.

    Only undefended runs count, since mitigations are weighed apart. Repeats of a setting are
    pooled; of several settings of a technique the one with the highest rate counts, as an attacker
    would choose it. Success of an extraction is the agreement of its clone. A technique without
    runs of its own counts the best of its sub-techniques.
    """
    pooled: dict[tuple[str, str, str, str], tuple[int, int]] = {}
    for item in evidence:
        if item.status != "measured" or item.success is None or not item.success.n:
            continue
        if item.kind not in ("evasion", "poisoning", "extraction") or item.defense != "none":
            continue
        if not item.technique:
            continue
        setting = (item.technique, item.attack, repr(dict(item.parameters)), repr(item.radius))
        successes, n = pooled.get(setting, (0, 0))
        pooled[setting] = (successes + item.success.successes, n + item.success.n)

    def rate(counts: tuple[int, int]) -> tuple[float, int]:
        return (counts[0] / counts[1], counts[1])

    own: dict[str, tuple[int, int]] = {}
    for (name, *_), counts in sorted(pooled.items()):
        own[name] = max(own.get(name, counts), counts, key=rate)
    inherited: dict[str, tuple[int, int]] = {}
    for name, counts in own.items():
        parent = name[: -len(".000")] if name.count(".") == 2 else ""
        if parent and parent not in own:
            inherited[parent] = max(inherited.get(parent, counts), counts, key=rate)
    return own | inherited


class Chances:
    """The probability of success of techniques on one pipeline: means, and draws from a seed."""

    def __init__(
        self,
        chain: KillChain,
        pipeline: Pipeline,
        *,
        measured: Measured | None = None,
        mitigations: Iterable[str] = (),
        draws: int = 10_000,
        seed: int = 0,
    ) -> None:
        added = tuple(mitigations)
        known = {item.id for item in chain.mitigations}
        for name in added:
            if name not in known:
                raise unknown("mitigation", name, known)
        if draws < 1:
            raise InputError(f"a simulation needs at least 1 draw, got {draws}")
        for name, (successes, n) in (measured or {}).items():
            if not 0 <= successes <= n:
                raise InputError(f"{name}: measured {successes} successes of {n} trials")
        self.chain, self.draws, self.seed = chain, draws, seed
        self._measured = measured or {}
        self._placed = frozenset(pipeline.mitigations) | frozenset(added)
        self._blocked = blocked_by(sorted(self._placed), chain)
        self._techniques = {item.id: item for item in chain.techniques}

    def basis(self, name: str) -> Basis:
        """Return where the probability of a technique comes from."""
        if self._measured.get(name, (0, 0))[1]:
            return "measured"
        return "published" if self._published(self._item(name)) else "expert"

    def mean(self, name: str) -> float:
        """Return the exact mean probability of a technique."""
        item = self._item(name)
        basis = self.basis(name)
        if basis == "measured":
            successes, n = self._measured[name]
            value = (successes + 0.5) / (n + 1)
        elif basis == "published":
            rates = self._published(item)
            value = sum((rate * PSEUDO_COUNT + 0.5) / (PSEUDO_COUNT + 1) for rate in rates)
            value /= len(rates)
        else:
            value = sum(EXPERT[item.maturity]) / 2
        for _, (low, high) in self._factors(name):
            value *= (low + high) / 2
        return value

    def sample(self, name: str) -> Draws:
        """Return draws of the probability of a technique; the same for the same seed and name."""
        item = self._item(name)
        basis = self.basis(name)
        rng = stream(self.seed, "likelihood", name)
        if basis == "measured":
            successes, n = self._measured[name]
            values = rng.beta(successes + 0.5, n - successes + 0.5, self.draws)
        elif basis == "published":
            rates = np.array(self._published(item)) * PSEUDO_COUNT  # each record equally often
            chosen = rates[rng.integers(len(rates), size=self.draws)]
            values = rng.beta(chosen + 0.5, PSEUDO_COUNT - chosen + 0.5)
        else:
            values = rng.uniform(*EXPERT[item.maturity], self.draws)
        for mitigation, (low, high) in self._factors(name):
            values = values * stream(self.seed, "factor", name, mitigation).uniform(
                low, high, self.draws
            )
        return values

    def _item(self, name: str) -> Technique:
        if name not in self._techniques:
            raise unknown("technique", name, self._techniques)
        return self._techniques[name]

    def _published(self, item: Technique) -> list[float]:
        """Return published success rates of a technique, between 0 and 1."""
        return [
            record.value / 100
            for record in evidence_of(self.chain, item)
            if record.value is not None
            and record.unit == "%"
            and 0 <= record.value <= 100
            and record.comparator in ("=", "about", ">", ">=")
            and record.mark != "M"
            and _SUCCESS.match(record.metric)
            and not _NO_SUCCESS.search(record.metric)
        ]

    def _factors(self, name: str) -> list[tuple[str, tuple[float, float]]]:
        """Return by what each mitigation in place multiplies; one that blocks makes it 0."""
        if name in self._blocked:
            return [("blocked", (0.0, 0.0))]
        best: dict[str, str] = {}
        for mitigation, edge in mitigations_of(self.chain, name):
            if mitigation.id in self._placed:
                strength = _weighed(mitigation, edge.strength)
                old = best.get(mitigation.id, "none")
                best[mitigation.id] = min(strength, old, key=lambda word: sum(FACTOR[word]))
        return [(name, FACTOR[best[name]]) for name in sorted(best)]


def _weighed(mitigation: Mitigation, strength: str) -> str:
    return strength if mitigation.kind == "prevent" else AFTERWARDS.get(strength, strength)
