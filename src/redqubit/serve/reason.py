"""What the browser needs to reason about pipelines: the kill chain without its prose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from redqubit.killchain.chance import AFTERWARDS, EXPERT, FACTOR, Chances, Measured
from redqubit.killchain.effort import effort
from redqubit.killchain.feasible import BUDGET, Least, blocked_by
from redqubit.killchain.model import KillChain, Mitigation, Technique
from redqubit.killchain.path import MILLI, PROTECTIONS
from redqubit.killchain.requirement import Requirement
from redqubit.killchain.system import Pipeline
from redqubit.serve import glyph

Plain = Mapping[str, Any]


LEASTS: Final[tuple[Least, ...]] = ("strong", "partial")
QUANTILES: Final = np.linspace(0.0, 1.0, 81)


def facts(chain: KillChain, own: Measured | None = None) -> dict[str, Any]:
    """Return what ``static/reason.js`` reads; ``own`` is what was measured on the user's model."""
    chances = Chances(chain, Pipeline("", {}), measured=own)
    orders = {item.id: place for place, item in enumerate(chain.tactics)}
    return {
        "tactics": [item.name for item in chain.tactics],
        "techniques": [_technique(item, chances, orders) for item in chain.techniques],
        "capabilities": [[item.id, item.knowledge or ""] for item in chain.capabilities],
        "traits": [
            {"id": item.id, "when": [[fact.field, list(fact.values)] for fact in item.when]}
            for item in chain.traits
        ],
        "actors": [
            {
                "id": item.id,
                "starts": [[start.capability, need(start.when)] for start in item.starts],
            }
            for item in chain.actors
        ],
        "mitigations": [_mitigation(item, chain) for item in chain.mitigations],
        "words": dict(chain.words),
    }


def need(requirement: Requirement) -> dict[str, list[Any]]:
    """Return a requirement as nested lists, without those that are empty."""

    def entry(item: str | Requirement) -> Any:
        return item if isinstance(item, str) else need(item)

    parts = {"all": requirement.all, "any": requirement.any}
    return {name: [entry(item) for item in items] for name, items in parts.items() if items}


def _technique(item: Technique, chances: Chances, orders: Mapping[str, int]) -> Plain:
    basis = chances.basis(item.id)
    if basis == "expert":
        points = EXPERT[item.maturity]  # even between its ends
    else:
        points = tuple(np.quantile(chances.sample(item.id), QUANTILES).round(4).tolist())
    spans = {key: getattr(item.cost, key) for key in BUDGET}
    return {
        "id": item.id,
        "name": item.name,
        "summary": item.summary,
        "stages": sorted(orders[name] for name in item.tactics),
        "needs": sorted(item.requires.words),
        "applies": need(item.applies),
        "requires": need(item.requires),
        "grants": item.grants,
        "components": item.components,
        "hardware": item.hardware,
        "assets": item.assets,
        "impact": {key: glyph.LEVELS.index(getattr(item.impact, key)) for key in PROTECTIONS},
        "skill": item.cost.skill,
        "low": {key: span[0] for key, span in spans.items() if span and span[0]},
        "basis": basis,
        "mean": chances.mean(item.id),
        "chance": points,
        "effort": max(1, round(effort(item) * MILLI)),
    }


def _mitigation(item: Mitigation, chain: KillChain) -> Plain:
    """Return what a mitigation blocks by strength, and by what it multiplies success."""
    spans: dict[str, tuple[float, float]] = {}
    for edge in item.mitigates:
        word = edge.strength if item.kind == "prevent" else AFTERWARDS.get(edge.strength, "none")
        for technique in chain.techniques:
            if edge.technique in (technique.id, technique.parent):
                known = spans.get(technique.id, FACTOR["none"])
                spans[technique.id] = min(known, FACTOR[word], key=sum)
    return {
        "id": item.id,
        "name": item.name,
        "blocks": {least: sorted(blocked_by([item.id], chain, least)) for least in LEASTS},
        "factors": spans,
    }
