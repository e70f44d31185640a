"""Measures what is proved: exact robust accuracy, the published bound, and no attack within."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from redqubit import certify
from redqubit.attacks.evasion.projected_gradient import ProjectedGradient
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError
from redqubit.core.estimate import Rate
from redqubit.core.evidence import Check, Curve, Point, Series
from redqubit.core.streams import stream
from redqubit.engine.closed_form import ClosedForm
from redqubit.models.target import WhiteBox, class_index
from redqubit.models.victim import Victim


def measure(victim: Victim, radii: Sequence[float]) -> dict[str, Any]:
    """Verify every test sample at every L-inf radius (radians of the encoder's angle).

    Returns the fields of an `redqubit.core.evidence.Evidence`: the curve of exact robust accuracy,
    the curve of the hypothesis-testing bound where it applies, and the check that projected
    gradient never succeeds inside a certified radius.

    Raises
    ------
    InputError
        The model has no closed form, so nothing exact can be said of it.
    """
    model: Any = victim.model
    data = victim.data
    form = model.closed_form() if callable(getattr(model, "closed_form", None)) else None
    if not isinstance(form, ClosedForm):
        raise InputError(
            "the exact verifier needs a closed form, which angle encodings with fixed weights and "
            "deterministic answers have; for this model attacks are all there is"
        )
    labels = class_index(model.classes_, data.y_test)  # the columns of the form
    balls = [Radius(value) for value in radii]
    exact = certify.robust_accuracy(form, data.X_test, labels, balls, data.low, data.high)
    series = [exact.series("exact verifier")]
    published = _published(victim, labels, radii)
    if published is not None:
        series.append(published)
    return {
        "rates": {
            f"robust accuracy at {point.radius.value:g} rad": point.robust for point in exact.points
        },
        "values": {
            "nodes": float(exact.nodes),
            "undecided": float(sum(point.unknown for point in exact.points)),
        },
        "checks": (_unbroken(victim, form, labels, balls[0]),),
        "curves": (
            Curve(
                "Proved robust accuracy", "radius (rad, L-inf)", "robust accuracy", tuple(series)
            ),
        ),
    }


def _published(victim: Victim, labels: Any, radii: Sequence[float]) -> Series | None:
    """Return the curve of the hypothesis-testing bound, where its conditions hold."""
    try:
        found = certify.hypothesis_testing.of_model(victim.model, victim.data.X_test, labels)
    except InputError:
        return None  # the bound does not apply, and no curve is the honest answer
    reach = np.array([item.linf for item in found])
    right = victim.model.predict(victim.data.X_test) == victim.data.y_test
    points = tuple(Point(value, Rate.of(right & (reach >= value))) for value in radii)
    return Series("hypothesis-testing bound", "certificate", points)


def _unbroken(victim: Victim, form: Any, labels: Any, radius: Radius) -> Check:
    """Attack inside a certified radius; a single success would disprove the verifier."""
    data, model = victim.data, victim.model
    proofs = certify.robustness(form, data.X_test, labels, radius, data.low, data.high)
    safe = np.array([proof.status == "robust" for proof in proofs])
    name = "no attack inside a certified radius"
    if not safe.any():
        return Check(name, None, f"no sample is certified within {radius}")
    white: Any = victim.adaptive or model
    view = WhiteBox(white, data.X_test[safe], data.y_test[safe], data.low, data.high)
    attack = ProjectedGradient(radius, steps=40, restarts=2, loss="margin")
    found = attack.run(view, stream(0, "certificate", radius.value))
    with torch.no_grad():
        broken = int((model.predict(found.X) != data.y_test[safe]).sum())
    return Check(name, broken == 0, f"{broken} of {int(safe.sum())} certified samples broken")
