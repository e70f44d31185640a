"""Findings of a threat model: what each attacker of a pipeline can bring about, ranked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from redqubit import __version__
from redqubit.core.evidence import Severity
from redqubit.core.record import digest
from redqubit.killchain.feasible import STRENGTH, Scene
from redqubit.killchain.likelihood import Chances, Measured, union
from redqubit.killchain.load import load
from redqubit.killchain.model import KillChain, Level, Technique
from redqubit.killchain.path import LEVELS, PROTECTIONS, Goal, Path, Routes, listed
from redqubit.killchain.query import mitigations_of
from redqubit.killchain.system import Attacker, Pipeline

RULE: Final = (
    "Points: impact medium 1, high 2; likelihood of any of the cheapest paths below 0.1: 0, below "
    "0.3: 1, else 2; effort of the cheapest path above 100 person-days: 0, above 10: 1, else 2. "
    "Six points are critical, five high, three or four medium, fewer low. Public training data "
    "have no confidentiality to lose. The rule is ours."
)
SEVERITIES: Final[tuple[Severity, ...]] = ("critical", "high", "medium", "low")
SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
SARIF_LEVELS: Final = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
SCORES: Final = {"critical": 9.5, "high": 8.0, "medium": 5.5, "low": 2.5}
"""Middle of the band that code-scanning dashboards give each severity, from 0 to 10."""


@dataclass(frozen=True)
class Threat:
    """A technique that an actor can bring about on a component, and how bad that is.

    ``likelihood`` is the mean probability that one of the cheapest paths succeeds, ``effort`` that
    of the cheapest one. ``mitigations`` would help and are not in place, strongest first.
    ``fingerprint`` depends on technique, component and actor only.
    """

    technique: str
    actor: str
    component: str
    severity: Severity
    impact: Level
    effort: float
    likelihood: float
    path: Path
    mitigations: tuple[str, ...]
    message: str
    fingerprint: str


def threats(
    pipeline: Pipeline, chain: KillChain, *, k: int = 3, measured: Measured | None = None
) -> tuple[Threat, ...]:
    """Return what the attackers of a pipeline can bring about, worst first.

    One finding for each technique within reach whose impact is at least medium, and each actor
    (the worst where an actor is listed twice). `RULE` says how severity follows from impact,
    effort and likelihood; ``k`` paths count for the likelihood.
    """
    chances = Chances(chain, pipeline, measured=measured)
    found: dict[str, Threat] = {}
    for attacker in pipeline.actors:
        for threat in _of(attacker, pipeline, chain, chances, k):
            known = found.get(threat.fingerprint)
            if known is None or _rank(threat) < _rank(known):
                found[threat.fingerprint] = threat
    return tuple(sorted(found.values(), key=_rank))


def severity(impact: Level, effort: float, likelihood: float) -> Severity:
    """Return how severe a finding is, by `RULE`."""
    points = {"none": 0, "low": 0, "medium": 1, "high": 2}[impact]
    points += (likelihood >= 0.1) + (likelihood >= 0.3)
    points += (effort <= 100) + (effort <= 10)
    return {6: "critical", 5: "high", 4: "medium", 3: "medium"}.get(points, "low")  # type: ignore[return-value]


def _rank(threat: Threat) -> tuple[int, int, float, str, str]:
    return (
        SEVERITIES.index(threat.severity),
        -LEVELS[threat.impact],
        threat.effort,
        threat.technique,
        threat.actor,
    )


def _of(
    attacker: Attacker, pipeline: Pipeline, chain: KillChain, chances: Chances, k: int
) -> Iterator[Threat]:
    scene = Scene(attacker, pipeline, chain)
    routes = Routes(scene)
    for item in scene.runnable:
        impact = _impact(item, pipeline)
        if LEVELS[impact] < LEVELS["medium"]:
            continue
        paths = routes.cheapest(Goal(item.id, "technique"), k).paths
        if not paths:
            continue
        sets = [frozenset(path.techniques) for path in paths]
        means = {name: chances.mean(name) for name in frozenset[str]().union(*sets)}
        likelihood = float(union(sets, means))
        component = next(name for name in item.components if name in pipeline.components)
        yield Threat(
            item.id,
            attacker.actor,
            component,
            severity(impact, paths[0].effort, likelihood),
            impact,
            paths[0].effort,
            likelihood,
            paths[0],
            _helpful(item, pipeline, chain),
            _message(item, attacker, component, paths[0], chain),
            digest((item.id, component, attacker.actor)),
        )


def _impact(item: Technique, pipeline: Pipeline) -> Level:
    """Return the worst impact of a technique on what the pipeline has to lose."""
    public = pipeline.data.sensitivity == "public" and set(item.assets) == {"training-data"}
    kinds = PROTECTIONS[1:] if public else PROTECTIONS
    worst: Level = max((getattr(item.impact, kind) for kind in kinds), key=LEVELS.__getitem__)
    return worst


def _helpful(item: Technique, pipeline: Pipeline, chain: KillChain) -> tuple[str, ...]:
    ranked = {
        mitigation.id: (-STRENGTH[edge.strength], mitigation.kind != "prevent", mitigation.id)
        for mitigation, edge in mitigations_of(chain, item.id)
        if edge.strength != "none" and mitigation.id not in pipeline.mitigations
    }
    return tuple(sorted(ranked, key=ranked.__getitem__))


def _message(
    item: Technique, attacker: Attacker, component: str, path: Path, chain: KillChain
) -> str:
    words = chain.words
    names = {technique.id: technique.name for technique in chain.techniques}
    told = f"{words[attacker.actor]} can reach: {item.name} ({words[component]}). {item.summary}"
    before = [names[name] for name in path.techniques[:-1]]
    if before:
        told += f" First: {listed(before)}."
    return told


def sarif(threats: Sequence[Threat], path: str, chain: KillChain | None = None) -> str:
    """Render findings as a SARIF 2.1.0 log.

    Rules are techniques, the component is a logical location, ``path`` (relative to the
    repository) is the physical one. Fingerprints stay the same while technique, component and
    actor do.
    """
    known = chain or load()
    rules = sorted({threat.technique for threat in threats})
    uri = quote(path.replace("\\", "/").encode("utf-8", "replace"), safe="/")
    run = {
        "tool": {
            "driver": {
                "name": "redqubit",
                "version": __version__,
                "rules": [_rule(name, threats, known) for name in rules],
            }
        },
        "results": [_result(threat, rules, uri, known) for threat in threats],
        "columnKind": "utf16CodeUnits",
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(name: str, threats: Sequence[Threat], chain: KillChain) -> dict[str, Any]:
    item = next(technique for technique in chain.techniques if technique.id == name)
    worst = max(SCORES[threat.severity] for threat in threats if threat.technique == name)
    return {
        "id": name,
        "name": item.name,
        "shortDescription": {"text": item.summary},
        "fullDescription": {"text": item.how},
        "properties": {
            "tags": ["security", "quantum-machine-learning"],
            "security-severity": f"{worst:.1f}",
        },
    }


def _result(threat: Threat, rules: Sequence[str], uri: str, chain: KillChain) -> dict[str, Any]:
    names = {item.id: item.name for item in chain.mitigations}
    text = threat.message
    if threat.mitigations:
        text += f" Mitigations: {', '.join(names[name] for name in threat.mitigations)}."
    return {
        "ruleId": threat.technique,
        "ruleIndex": rules.index(threat.technique),
        "level": SARIF_LEVELS[threat.severity],
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": uri}},
                "logicalLocations": [
                    {
                        "name": chain.words[threat.component],
                        "fullyQualifiedName": f"components/{threat.component}",
                        "kind": "module",
                    }
                ],
            }
        ],
        "partialFingerprints": {"redqubit/v1": threat.fingerprint},
        "properties": {
            "severity": threat.severity,
            "actor": threat.actor,
            "effort": round(threat.effort, 3),
            "likelihood": round(threat.likelihood, 4),
            "path": list(threat.path.techniques),
            "mitigations": list(threat.mitigations),
        },
    }
