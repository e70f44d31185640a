"""A universal perturbation is one change for all samples, fitted on other data."""

import numpy as np
import pytest
import torch

from redqubit.attacks.evasion.universal_perturbation import UniversalPerturbation
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError, WithheldError
from redqubit.models.target import WhiteBox


@pytest.fixture
def one_class(binary):
    """Return the binary model with samples of label 3 only, half of them the attacker's."""
    model, X, y = binary
    X, y = X[y == 3], y[y == 3]
    half = len(X) // 2
    return model, X[:half], y[:half], X[half:], y[half:]


def test_change_is_the_same_for_all_samples_and_exact_on_a_linear_model(one_class):
    """For one class of a linear model the best common change is the sign of the slope."""
    model, X, y, own_X, own_y = one_class
    target = WhiteBox(model, X, y, -9.0, 9.0, auxiliary=(own_X, own_y))
    found = UniversalPerturbation(Radius(0.2)).run(target, np.random.default_rng(0))
    change = found.X - X
    assert np.allclose(change, change[0], atol=1e-12)
    assert np.allclose(change[0], 0.2 * np.array([1, -1, 1, -1]), atol=1e-12)
    assert np.allclose(list(found.values.values()), change[0])


def test_l2_change_follows_the_slope(one_class):
    """In the L2 ball the best common change of a linear model is along the slope."""
    model, X, y, own_X, own_y = one_class
    target = WhiteBox(model, X, y, -9.0, 9.0, auxiliary=(own_X, own_y))
    found = UniversalPerturbation(Radius(0.3, "l2")).run(target, np.random.default_rng(0))
    slope = model.W[:, 1] - model.W[:, 0]
    assert np.allclose((found.X - X)[0], 0.3 * slope / np.linalg.norm(slope), atol=1e-9)


def test_samples_under_attack_are_not_used_for_fitting(one_class):
    """The change depends on the auxiliary data alone, and each gradient step is metered on it."""
    model, X, y, own_X, own_y = one_class
    changes = []
    for samples in (X, X[::-1] * 0.5):
        target = WhiteBox(model, samples, y, -9.0, 9.0, auxiliary=(own_X, own_y))
        attack = UniversalPerturbation(Radius(0.2), passes=3, restarts=2)
        changes.append(attack.run(target, np.random.default_rng(0)).values)
        assert target.meter.queries == 2 * (3 + 1) * len(own_X)
        assert target.meter.gradients == 2 * 3 * len(own_X)
    assert changes[0] == changes[1]


def test_restarts_keep_the_change_with_most_errors(linear):
    """Where the gradient at zero leads to the smaller gain, a restart finds the larger one."""

    class Valley(linear):
        def logits(self, x):
            wave = 4 * torch.exp(-8 * (x[:, 0] - 0.2) ** 2) + 9 * torch.exp(
                -8 * (x[:, 0] - 1.9) ** 2
            )
            return torch.stack([torch.full_like(wave, 5.0), wave], 1)

        def scores(self, X):
            return self.logits(torch.as_tensor(np.asarray(X))).numpy()

    model = Valley(np.zeros((1, 2)), np.zeros(2), [0, 1])
    X, y = np.full((10, 1), 0.9), np.zeros(10, dtype=int)
    target = WhiteBox(model, X, y, 0.0, 3.0, auxiliary=(X, y))
    reached = [
        (model.predict(attack.run(target, np.random.default_rng(0)).X) == 1).mean()
        for attack in (
            UniversalPerturbation(Radius(1.0), restarts=1, step_size=0.05),
            UniversalPerturbation(Radius(1.0), restarts=8, step_size=0.05),
        )
    ]
    assert reached == [0, 1]


def test_domain_is_kept(views):
    """Samples at the border of the domain move less."""
    found = UniversalPerturbation(Radius(0.5), goal=8).run(views(), np.random.default_rng(0))
    assert found.X.min() >= 0
    assert found.X.max() <= 2


def test_it_needs_data_of_its_own(binary):
    """Without auxiliary data the attack is refused, it never fits on the samples under attack."""
    model, X, y = binary
    with pytest.raises(WithheldError, match="auxiliary"):
        UniversalPerturbation().run(WhiteBox(model, X, y, 0, 2), np.random.default_rng(0))


@pytest.mark.parametrize(
    "settings", [{"passes": 0}, {"batch_size": 0}, {"restarts": 0}, {"step_size": 0.0}]
)
def test_bad_parameters_are_named(settings):
    """Settings that would do nothing are refused."""
    with pytest.raises(InputError, match="passes, batch_size and restarts"):
        UniversalPerturbation(**settings)
