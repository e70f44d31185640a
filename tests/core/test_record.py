"""Records survive the trip through JSON, and bad data is named."""

import json

import pytest

from redqubit.core import record
from redqubit.core.budget import Cost, Radius
from redqubit.core.errors import InputError
from redqubit.core.estimate import Mean, Rate
from redqubit.core.evidence import (
    Check,
    Control,
    Curve,
    Evidence,
    Point,
    Provenance,
    Series,
)

FULL = Evidence(
    id="0123456789abcdef",
    kind="evasion",
    technique="QML.T0010.002",
    attack="projected_gradient",
    status="measured",
    provenance=Provenance(7, {"redqubit": "0.1.0"}, "CPU", "2026-01-01T00:00:00Z"),
    parameters={"steps": 20, "nested": {"a": [1, 2.5, None]}},
    radius=Radius(0.3, "linf", "angle"),
    success=Rate(3, 10),
    rates={"clean_accuracy": Rate(9, 10)},
    means={"fidelity": Mean.of([0.9, 0.8])},
    values={"median_margin": 0.25},
    controls=(Control("random change", Rate(1, 10), "equal L-inf norm"),),
    checks=(Check("zero radius", True, "equals clean"), Check("floor", None, "no gradient")),
    curves=(
        Curve("c", "radius (rad)", "accuracy", (Series("s", "attack", (Point(0.1, Rate(1, 2)),)),)),
    ),
    cost=Cost(queries=5, seconds=0.5),
)


def test_round_trip_is_the_identity():
    """A record written as JSON and read again is equal to the original."""
    assert record.from_json(Evidence, json.loads(record.canonical(FULL))) == FULL


def test_digest_depends_on_content_only():
    """Equal records have equal digests and a changed field changes the digest."""
    again = record.from_json(Evidence, json.loads(record.canonical(FULL)))
    assert record.digest(again) == record.digest(FULL)
    assert record.digest(Radius(0.3)) != record.digest(Radius(0.30000001))


@pytest.mark.parametrize(
    ("cls", "data", "says"),
    [
        (Radius, {"value": 0.1, "nrom": "l2"}, "did you mean 'norm'"),
        (Radius, {"value": 0.1, "norm": "l3"}, "l2"),
        (Radius, {"norm": "l2"}, "lacks the key 'value'"),
        (Radius, {"value": "0.1"}, "value must be float"),
        (Radius, {"value": True}, "value must be float"),
        (Radius, [0.1], "must be a mapping"),
        (Radius, {"value": -1.0}, ">= 0"),
        (Radius, {"value": float("nan")}, "finite"),
        (Rate, {"successes": 3, "n": 2}, "successes <= n"),
        (Cost, {"queries": 1.5}, "queries must be int"),
    ],
)
def test_bad_data_is_named(cls, data, says):
    """Unknown keys, wrong types and impossible values raise an InputError that names them."""
    with pytest.raises(InputError, match=says):
        record.from_json(cls, data)
