"""One attack on one victim: run it, its controls and its self-checks, and judge the outcome."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from typing import Any

from redqubit import defenses
from redqubit.assess import evasion, extraction, poisoning
from redqubit.assess.provenance import provenance
from redqubit.attacks.access import Attack, access, kind
from redqubit.core import record
from redqubit.core.errors import InputError
from redqubit.core.evidence import Evidence, View
from redqubit.models.target import Oracle, WhiteBox
from redqubit.models.victim import Victim

_FAMILIES = {
    "evasion": evasion.measure,
    "poisoning": poisoning.measure,
    "extraction": extraction.measure,
}


def run(
    attack: Attack,
    victim: Victim,
    *,
    seed: int = 0,
    sweep: Mapping[str, tuple[float, ...]] | None = None,
    adaptive: bool = False,
) -> Evidence:
    """Run ``attack`` on ``victim`` and return the judged evidence.

    Parameters
    ----------
    attack
        Any technique that passes `redqubit.attacks.contract`, registered or not.
    victim
        The trained model with its data; with a defense, what ``defense.apply`` returned.
    seed
        Seeds the attack, its controls and every retraining.
    sweep
        One attack parameter and the values it takes on the curve of the evidence.
    adaptive
        Whether the attacker knows the defense: gradients then come from ``victim.adaptive``, an
        attack with a method ``adapted`` runs as that returns it, and success is judged on the
        model as served.

    Raises
    ------
    InputError
        The victim does not grant the access the attack declares, or the sweep names a parameter
        that the attack does not have.
    """
    started = time.perf_counter()
    stated = record.to_json(attack)
    notes: tuple[str, ...] = ()
    if adaptive and callable(adapted := getattr(attack, "adapted", None)):
        attack = adapted()
        notes = (_changes(stated, record.to_json(attack)),)
    seen, view = perceived(attack, victim, adaptive)
    grid = dict(sweep or {})
    for name in grid:
        if not hasattr(attack, name):
            raise InputError(f"{attack.name} has no parameter {name!r} to sweep")
        if kind(attack) == "evasion" and name != "radius":
            raise InputError(f"{attack.name} can sweep its radius only, got {name!r}")
    family = kind(attack)
    measured = _FAMILIES[family](attack, victim, seen, seed, grid)
    signed = Evidence(
        id="",
        kind=family,
        technique=attack.technique,
        attack=attack.name,
        status="measured",
        defense=victim.defense,
        mitigation=next(
            (item.mitigation for item in defenses.ALL if item.name == victim.defense), ""
        ),
        view=view,
        parameters=stated,
        radius=getattr(attack, "radius", None),
        provenance=provenance(seed, str(victim.data.name), victim.name),
        **measured,
    )
    cost = dataclasses.replace(signed.cost, seconds=time.perf_counter() - started)
    signed = dataclasses.replace(signed, cost=cost, notes=(*notes, *signed.notes))
    about = (victim.name, str(victim.data.name), victim.defense, view, grid)
    identity = record.digest((attack.name, signed.parameters, seed, *about))
    return dataclasses.replace(signed, id=identity)


def _changes(stated: Mapping[str, Any], adapted: Mapping[str, Any]) -> str:
    changed = [f"{key} {adapted[key]}" for key in adapted if adapted[key] != stated[key]]
    return f"adapted to the defense: {', '.join(changed) or 'nothing'}"


def perceived(attack: Attack, victim: Victim, adaptive: bool) -> tuple[Victim, View]:
    """Return the victim as the attacker sees it, and how he sees the defense.

    A black-box attack sees the service alone, so knowing the defense gives it no gradient.
    """
    if victim.view == "none":
        return victim, "none"
    if not adaptive:
        return victim, "oblivious"
    if issubclass(access(attack), Oracle) and not issubclass(access(attack), WhiteBox):
        return victim, "no gradient"
    model: Any = victim.adaptive or victim.model
    return dataclasses.replace(victim, model=model), victim.view
