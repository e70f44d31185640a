"""Fourier extraction returns the victim itself, to rounding."""

import numpy as np
import pytest
import torch

from redqubit.attacks import metric
from redqubit.attacks.contract import contract
from redqubit.attacks.extraction.fourier_extraction import FourierExtraction
from redqubit.core.budget import Cost
from redqubit.core.errors import BudgetExceededError, InputError, WithheldError
from redqubit.models.target import Oracle

CLASSES = np.array([4, 6, 9])


def _value(basis, form, x):
    letters = "ijkl"[: len(basis)]
    operands = ",".join("b" + letter for letter in letters)
    return torch.einsum(f"k{letters},{operands}->bk", form, *basis)


class _Victim:
    """Logits are a random trigonometric polynomial of given degrees, computed by definition."""

    classes_ = CLASSES

    def __init__(self, degrees, seed=0, noise=0.0):
        self.degrees, self.n_features_in_ = degrees, len(degrees)
        shape = (3, *(2 * d + 1 for d in degrees))
        self.tensor = torch.tensor(np.random.default_rng(seed).normal(size=shape))
        self.rng, self.noise = np.random.default_rng(seed + 1), noise

    def logits(self, x):
        basis = []
        for column, degree in zip(x.unbind(1), self.degrees, strict=True):
            multiples = [k * column for k in range(1, degree + 1)]
            waves = [wave(angle) for angle in multiples for wave in (torch.cos, torch.sin)]
            basis.append(torch.stack([torch.ones_like(column), *waves], 1))
        return _value(basis, self.tensor.to(x), x)

    def scores(self, X):
        return self.logits(torch.tensor(np.asarray(X))).numpy()

    def predict(self, X):
        return CLASSES[self.scores(X).argmax(1)]

    def predict_proba(self, X):
        scores = self.scores(X) + self.noise * self.rng.normal(size=(len(X), 3))
        odds = np.exp(scores - scores.max(1, keepdims=True))
        return odds / odds.sum(1, keepdims=True)


def _target(victim, **settings):
    X = np.random.default_rng(9).uniform(0, np.pi, (80, victim.n_features_in_))
    granted = {"encoding": "angle", "degrees": victim.degrees, "auxiliary": (X, np.full(80, 4))}
    return Oracle(victim, X, victim.predict(X), 0.0, np.pi, **granted | settings)


@pytest.mark.parametrize("design", ["period", "domain"])
@pytest.mark.parametrize("degrees", [(1,), (1, 1, 1), (2, 1), (1, 1, 1, 1)])
def test_extraction_is_exact(design, degrees):
    """As many queries as coefficients give every logit to 1e-10, gradients included."""
    victim = _Victim(degrees)
    target = _target(victim)
    clone = FourierExtraction(design).run(target, np.random.default_rng(0)).clone
    count = int(np.prod([2 * d + 1 for d in degrees]))
    assert target.meter.cost == Cost(queries=count, circuits=count)
    X = np.random.default_rng(1).uniform(-3, 9, (50, len(degrees)))
    assert metric.logit_error(victim, clone, X) < 1e-10
    assert metric.agreement(victim, clone, X).value == 1
    assert abs(metric.divergence(victim, clone, X).value) < 1e-10
    slopes = []
    for model in (victim, clone):
        x = torch.tensor(X, requires_grad=True)
        logits = model.logits(x)
        (logits[:, 0] - logits[:, 1]).sum().backward()
        slopes.append(x.grad)
    assert torch.allclose(*slopes, atol=1e-9)


def test_clone_is_a_closed_form():
    """The clone carries its closed form, so that it can be certified."""
    clone = FourierExtraction().run(_target(_Victim((1, 2))), np.random.default_rng(0)).clone
    form = clone.closed_form()
    assert tuple(form.tensor.shape) == (3, 3, 5)
    assert np.array_equal(clone.classes_, CLASSES)
    x = torch.zeros(1, 2, dtype=torch.float64)
    assert torch.equal(form(x), clone.logits(x))


def test_domain_grid_stays_in_the_domain():
    """The domain design asks nothing that a legitimate user would not."""
    target = _target(_Victim((1, 1)))
    inside = FourierExtraction("domain").run(target, np.random.default_rng(0)).queries
    outside = FourierExtraction("period").run(target, np.random.default_rng(0)).queries
    assert inside.min() >= 0
    assert inside.max() <= np.pi
    assert outside.max() > np.pi


@pytest.mark.parametrize("design", ["uniform", "in_distribution"])
def test_scattered_queries_are_exact_once_there_are_enough(design):
    """Without noise scattered points determine the polynomial as a grid does."""
    victim = _Victim((1, 1))
    attack = FourierExtraction(design, queries=120, damping=1.0)
    found = attack.run(_target(victim), np.random.default_rng(0))
    X = np.random.default_rng(1).uniform(0, np.pi, (100, 2))
    assert metric.logit_error(victim, found.clone, X) < 1e-3
    assert found.values["queries"] == 120


def test_scattered_queries_average_noise_away():
    """With noisy answers many scattered queries beat the minimal grid."""
    X = np.random.default_rng(1).uniform(0, np.pi, (100, 2))
    errors = []
    for attack in (FourierExtraction("domain"), FourierExtraction("uniform", queries=400)):
        victim = _Victim((1, 1), noise=0.3)
        found = attack.run(_target(victim), np.random.default_rng(0))
        errors.append(metric.logit_error(victim, found.clone, X))
    assert errors[1] < errors[0] / 2


def test_rounded_answers_do_not_blow_up():
    """Probabilities rounded to zero give a finite, useful clone."""
    victim = _Victim((1, 1))
    exact = victim.predict_proba
    victim.predict_proba = lambda X: np.round(exact(X), 1)
    found = FourierExtraction().run(_target(victim), np.random.default_rng(0))
    X = np.random.default_rng(1).uniform(0, np.pi, (200, 2))
    assert metric.agreement(victim, found.clone, X).value > 0.6


def test_what_it_needs_is_refused_by_name():
    """Labels only, a hidden encoder, missing data and too small a limit each stop it."""
    victim, rng = _Victim((1, 1)), np.random.default_rng(0)
    with pytest.raises(WithheldError, match="labels only"):
        FourierExtraction().run(_target(victim, returns="labels"), rng)
    with pytest.raises(WithheldError, match="encoder"):
        FourierExtraction().run(_target(victim, encoding=None), rng)
    with pytest.raises(WithheldError, match="auxiliary"):
        FourierExtraction("in_distribution").run(_target(victim, auxiliary=None), rng)
    limited = _target(victim, query_limit=8)
    with pytest.raises(BudgetExceededError):
        FourierExtraction().run(limited, rng)
    assert limited.meter.queries == 0


@pytest.mark.parametrize("design", ["period", "domain", "uniform", "in_distribution"])
def test_it_keeps_the_contract(design):
    """Every design passes the contract."""
    contract(FourierExtraction(design, queries=40))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"design": "periode"}, "did you mean 'period'"),
        ({"queries": 1}, "queries must be"),
        ({"damping": 0.0}, "damping in"),
        ({"penalty": 0.0}, "penalty must be"),
    ],
)
def test_bad_parameters_are_named(settings, message):
    """Each wrong parameter is refused at construction."""
    with pytest.raises(InputError, match=message):
        FourierExtraction(**settings)
