"""What the attackers of an assessment know beforehand."""

from __future__ import annotations

from typing import Any

from redqubit.engine.closed_form import ClosedForm
from redqubit.models.victim import Victim


def knowledge(victim: Victim) -> dict[str, Any]:
    """Return what every attacker here knows of the encoder, as arguments of a target.

    The encoder is not a secret in this threat model: papers, model cards and transpiled circuits
    give it away (QML.T0002 needs it, QML.T0021 needs the frequencies).
    """
    form = getattr(victim.model, "closed_form", None)
    closed = form() if callable(form) else None
    degrees = closed.degrees if isinstance(closed, ClosedForm) else None
    return {"encoding": "known", "degrees": degrees}
