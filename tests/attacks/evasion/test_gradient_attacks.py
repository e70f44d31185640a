"""Gradient attacks against linear models, whose worst case in a ball and box is known."""

import numpy as np
import pytest
import torch

from redqubit.attacks.evasion.fast_gradient_sign import FastGradientSign
from redqubit.attacks.evasion.projected_gradient import ProjectedGradient
from redqubit.attacks.metric import evasion_success
from redqubit.core.budget import Cost, Radius
from redqubit.core.errors import InputError
from redqubit.models.ascent import project
from redqubit.models.target import WhiteBox

LOW, HIGH = 0.0, 2.0


def _worst_lead(model, X, y, radius):
    """Return the largest lead of the wrong class in the ball within the box, exactly."""
    slope = (model.W[:, 1] - model.W[:, 0]) * np.where(y == 3, 1, -1)[:, None]
    far = torch.as_tensor(X + 1e7 * slope)
    worst = project(far, torch.as_tensor(X), radius, LOW, HIGH).numpy()
    scores = model.scores(worst)
    return np.where(y == 3, 1, -1) * (scores[:, 1] - scores[:, 0])


@pytest.mark.parametrize("value", [0.0, 0.1, 0.5, 3.0])
def test_one_step_is_the_linf_worst_case_of_a_linear_model(binary, views, value):
    """FGSM on a linear model of two classes reaches the exact worst case in the box."""
    model, X, y = binary
    radius = Radius(value)
    found = FastGradientSign(radius).run(views(), np.random.default_rng(0))
    worst = _worst_lead(model, X, y, radius)
    expected = float((worst > 0).mean())
    assert evasion_success(model, X, y, found, radius).value == pytest.approx(expected)
    sign = np.where(y == 3, 1, -1)[:, None] * np.array([1, -1, 1, -1])
    assert np.allclose(found.X, np.clip(X + value * sign, LOW, HIGH), atol=1e-15)


@pytest.mark.parametrize("norm", ["linf", "l2"])
@pytest.mark.parametrize("loss", ["cross_entropy", "margin"])
@pytest.mark.parametrize("start", ["center", "random"])
def test_projected_gradient_reaches_the_worst_case(binary, views, norm, loss, start):
    """Projected gradient converges to the exact worst case in both norms, from any start."""
    model, X, y = binary
    radius = Radius(0.6, norm)
    attack = ProjectedGradient(radius, steps=150, step_size=0.3, loss=loss, start=start)
    found = attack.run(views(), np.random.default_rng(0))
    scores = model.scores(found.X)
    lead = np.where(y == 3, 1, -1) * (scores[:, 1] - scores[:, 0])
    assert np.allclose(lead, _worst_lead(model, X, y, radius), atol=1e-4)


@pytest.mark.parametrize("norm", ["linf", "l2"])
@pytest.mark.parametrize("attack", [FastGradientSign, ProjectedGradient])
def test_outcome_stays_in_ball_and_box(binary, views, attack, norm):
    """No sample leaves the radius or the domain, and the judge accepts the outcome."""
    model, X, y = binary
    radius = Radius(0.7, norm)
    found = attack(radius).run(views(), np.random.default_rng(0))
    evasion_success(model, X, y, found, radius)
    assert found.X.min() >= LOW
    assert found.X.max() <= HIGH


def test_goal_is_reached_and_other_classes_are_not_sought(linear):
    """A targeted attack makes the goal class win, an untargeted one takes the nearest rival."""
    model = linear(np.eye(3), np.zeros(3), ["a", "b", "c"])
    X = np.array([[1.0, 0.8, 0.2]] * 4)
    y = np.array(["a"] * 4)
    box = WhiteBox(model, X, y, 0.0, 2.0)
    radius = Radius(0.5)
    rng = np.random.default_rng(0)
    assert set(model.predict(ProjectedGradient(radius).run(box, rng).X)) == {"b"}
    for attack in (ProjectedGradient(radius, goal="c"), FastGradientSign(radius, goal="c")):
        assert set(model.predict(attack.run(box, rng).X)) == {"c"}


def test_restarts_help_where_one_ascent_is_caught(linear):
    """With restarts more samples are broken than with a single start on a wavy model."""

    class Wavy(linear):
        def logits(self, x):
            wave = torch.sin(9 * x).sum(1) + 0.3 * x.sum(1)
            return torch.stack([torch.full_like(wave, 3.2), wave], 1)

        def scores(self, X):
            return self.logits(torch.as_tensor(np.asarray(X))).numpy()

    model = Wavy(np.zeros((4, 2)), np.zeros(2), [0, 1])
    X = np.random.default_rng(1).uniform(0, 2, (200, 4))
    X = X[model.predict(X) == 0]
    y = np.zeros(len(X), dtype=int)
    radius = Radius(0.4)
    rates = [
        evasion_success(
            model,
            X,
            y,
            ProjectedGradient(radius, steps=5, restarts=restarts, start="random").run(
                WhiteBox(model, X, y, 0.0, 2.0), np.random.default_rng(0)
            ),
            radius,
        ).successes
        for restarts in (1, 8)
    ]
    assert rates[1] > rates[0]


def test_cost_is_one_gradient_a_step(views):
    """Twenty steps cost twenty gradients and one last look a restart; FGSM costs one gradient."""
    box = views()
    ProjectedGradient(steps=20, restarts=2).run(box, np.random.default_rng(0))
    assert box.meter.gradients == 2 * 20 * 60
    assert box.meter.queries == 2 * 21 * 60
    box = views()
    FastGradientSign().run(box, np.random.default_rng(0))
    assert box.meter.cost == Cost(queries=60, circuits=60 * 9)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"steps": 0}, "steps and restarts"),
        ({"restarts": 0}, "steps and restarts"),
        ({"start": "centre"}, "did you mean 'center'"),
        ({"loss": "margins"}, "did you mean 'margin'"),
        ({"radius": Radius(0.1, space="raw")}, "space 'angle'"),
    ],
)
def test_bad_parameters_are_named(settings, message):
    """Each wrong parameter is refused at construction, with the near miss."""
    with pytest.raises(InputError, match=message):
        ProjectedGradient(**settings)


def test_unknown_goal_is_refused(views):
    """A goal that is no class of the victim is an input error."""
    with pytest.raises(InputError, match="one of"):
        ProjectedGradient(goal=4).run(views(), np.random.default_rng(0))
