"""One job alone gives the numbers it gives among others."""

import dataclasses
import json

import numpy as np
import pytest

from redqubit import attacks
from redqubit.assess import certificate, experiment
from redqubit.assess.execute import defended, execute, prepare
from redqubit.assess.plan import parse, plan
from redqubit.attacks.access import grant
from redqubit.attacks.evasion.projected_gradient import ProjectedGradient
from redqubit.core import record
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError


@pytest.fixture
def sampling(small):
    """Return the jobs of a model that answers with shots."""
    small["model"] |= {"shots": 50, "epochs": 1, "optimizer": "spsa"}
    return plan(parse(small)).jobs


def _numbers(evidence):
    return json.dumps({k: record.to_json(v) for k, v in evidence.rates.items()}, sort_keys=True)


def test_shots_do_not_depend_on_earlier_jobs(sampling):
    """A model with shots answers a job alike, whichever jobs its process did before."""
    first = execute(sampling[0])
    assert first.status == "measured", first.reason
    execute(sampling[1])
    assert _numbers(execute(sampling[0])) == _numbers(first)


def test_shots_of_the_served_model_are_metered(sampling):
    """What a query costs does not vanish behind a defense."""
    square = attacks.by_name("square")(queries=2)
    for job in sampling[:2]:
        target = grant(square, defended(job.subject, job.defense))
        target.predict_proba(target.X)
        assert target.meter.shots == 50 * len(target.X)


def test_evidence_tells_victims_apart(small):
    """The same attack with and without a defense leaves two records."""
    bare, guarded = (job for job in plan(parse(small)).jobs if job.kind == "baseline")
    attack = attacks.by_name("fast_gradient_sign")(Radius(0.1))
    found = [
        experiment.run(attack, victim, adaptive=True).id
        for victim in (prepare(bare.subject), defended(guarded.subject, guarded.defense))
    ]
    assert len(set(found)) == 2
    with pytest.raises(InputError, match="sweep its radius only"):
        experiment.run(ProjectedGradient(), prepare(bare.subject), sweep={"steps": (1.0,)})


def test_certificates_follow_the_labels_of_the_model(small):
    """A model that knows a class the data lack is judged by label, not by position."""
    victim = prepare(plan(parse(small)).jobs[0].subject)
    only = victim.data.y_test == victim.data.classes[1]
    data = dataclasses.replace(
        victim.data,
        y_train=np.full_like(victim.data.y_train, victim.data.classes[1]),
        X_test=victim.data.X_test[only],
        y_test=victim.data.y_test[only],
        classes=victim.data.classes[1:],
    )
    measured = certificate.measure(dataclasses.replace(victim, data=data), (0.0,))
    clean = (victim.model.predict(data.X_test) == data.y_test).sum()
    assert measured["rates"]["robust accuracy at 0 rad"].successes == clean > 0
