"""A learned clone agrees with its victim, and costs the queries it says."""

import numpy as np
import pytest

from redqubit.attacks import metric
from redqubit.attacks.contract import contract
from redqubit.attacks.extraction.learned_extraction import LearnedExtraction
from redqubit.core.budget import Cost
from redqubit.core.errors import InputError, WithheldError
from redqubit.models.target import Oracle

QUICK = {"substitute": "mlp", "layers": 1}


@pytest.fixture
def victim(linear):
    """Return a linear victim of three classes, and held-out inputs."""
    model = linear([[2, -1, 0], [0, 2, -2], [-1, 0, 2]], [0, -2, 1], ["a", "b", "c"])
    return model, np.random.default_rng(1).uniform(0, np.pi, (300, 3))


def _target(model, **settings):
    X = np.random.default_rng(2).uniform(0, np.pi, (50, 3))
    return Oracle(
        model, X, model.predict(X), 0.0, np.pi, auxiliary=(X, model.predict(X)), **settings
    )


@pytest.mark.parametrize("sampling", ["uniform", "in_distribution", "adaptive"])
@pytest.mark.parametrize("answers", ["probabilities", "labels"])
def test_clone_agrees_with_a_linear_victim(victim, sampling, answers):
    """A small network reproduces nine of ten answers of a linear victim from 120 queries."""
    model, X = victim
    returns = "probabilities" if answers == "probabilities" else "labels"
    target = _target(model, returns=returns)
    attack = LearnedExtraction(120, sampling, answers, **QUICK)
    found = attack.run(target, np.random.default_rng(0))
    assert metric.agreement(model, found.clone, X).value > 0.9
    assert target.meter.cost == Cost(queries=120, circuits=120)
    assert found.queries.shape == (120, 3)


def test_probabilities_give_a_closer_clone_than_labels(victim):
    """Soft answers carry more: the divergence of the clone is smaller."""
    model, X = victim
    soft, hard = (
        metric.divergence(
            model,
            LearnedExtraction(60, answers=answers, **QUICK)
            .run(_target(model), np.random.default_rng(0))
            .clone,
            X,
        ).value
        for answers in ("probabilities", "labels")
    )
    assert soft < hard


def test_adaptive_queries_go_where_the_victim_is_undecided(victim):
    """After the first quarter the victim's margin at the queries is much smaller than at random."""
    model, X = victim
    attack = LearnedExtraction(80, "adaptive", **QUICK)
    asked = attack.run(_target(model), np.random.default_rng(0)).queries[20:]

    def margin(points):
        top = np.sort(model.predict_proba(points), axis=1)
        return (top[:, -1] - top[:, -2]).mean()

    assert margin(asked) < margin(X) / 2


def test_own_samples_are_asked_first_and_once():
    """In-distribution queries start with each own sample, copies with noise follow."""
    from redqubit.attacks.extraction.queries import draw

    target = _target(_Flat())
    drawn = draw("in_distribution", target, 80, np.random.default_rng(0))
    assert {tuple(row) for row in drawn[:50]} == {tuple(row) for row in target.auxiliary[0]}
    assert not {tuple(row) for row in drawn[50:]} & {tuple(row) for row in drawn[:50]}
    assert drawn.min() >= 0
    assert drawn.max() <= np.pi
    few = draw("in_distribution", target, 20, np.random.default_rng(0))
    assert len({tuple(row) for row in few}) == 20


class _Flat:
    """A victim that always answers the same class."""

    classes_ = np.array([1, 2])
    n_features_in_ = 3

    def predict(self, X):
        return np.full(len(X), 2)


def test_a_victim_with_one_answer_gives_a_clone_with_that_answer():
    """Labels that are all the same are learned as such; the unseen class stays a class."""
    attack = LearnedExtraction(20, answers="labels", **QUICK)
    found = attack.run(_target(_Flat(), returns="labels"), np.random.default_rng(0))
    assert found.values["classes_seen"] == 1
    assert set(found.clone.predict(np.full((3, 3), 1.0))) == {2}
    assert found.clone.predict_proba(np.ones((1, 3))).shape == (1, 2)


def test_it_needs_what_it_was_built_for(victim):
    """Probabilities that are not served, and own samples that are not there, stop it."""
    with pytest.raises(WithheldError):
        LearnedExtraction(20, **QUICK).run(
            _target(victim[0], returns="labels"), np.random.default_rng(0)
        )


@pytest.mark.parametrize("sampling", ["uniform", "adaptive"])
def test_it_keeps_the_contract(sampling):
    """The extraction passes the contract."""
    contract(LearnedExtraction(8, sampling, epochs=2, **QUICK))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"sampling": "unifrom"}, "did you mean 'uniform'"),
        ({"answers": "label"}, "did you mean 'labels'"),
        ({"substitute": "qn"}, "did you mean 'qnn'"),
        ({"queries": 0}, "must be >= 1"),
        ({"learning_rate": 0.0}, "learning_rate > 0"),
    ],
)
def test_bad_parameters_are_named(settings, message):
    """Each wrong parameter is refused at construction, with the near miss."""
    with pytest.raises(InputError, match=message):
        LearnedExtraction(**settings)
