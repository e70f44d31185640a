import numpy as np
import pytest

from redqubit.attacks import FourierExtraction, ProjectedGradient, metric
from redqubit.attacks.access import grant
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError
from redqubit.core.streams import stream
from redqubit.defenses.prediction_rounding import PredictionRounding, rounded
from redqubit.models.victim import Victim


@pytest.mark.parametrize("decimals", [0, 1, 3])
def test_rounded_rows_stay_distributions_in_order(decimals):
    """Rounding keeps the sum and the order of a row, and moves no entry by a unit."""
    exact = np.random.default_rng(0).dirichlet(np.full(4, 0.7), 500)
    coarse = rounded(exact, decimals)
    np.testing.assert_allclose(coarse.sum(axis=1), 1)
    np.testing.assert_allclose(coarse * 10**decimals, np.rint(coarse * 10**decimals), atol=1e-9)
    assert np.abs(coarse - exact).max() < 10.0**-decimals
    order = exact.argsort(axis=1)
    assert (np.diff(np.take_along_axis(coarse, order, axis=1)) >= 0).all()


def test_equal_probabilities_are_rounded_to_a_distribution():
    """Thirds become 0.4, 0.3 and 0.3."""
    assert sorted(rounded(np.full((1, 3), 1 / 3), 1)[0]) == [0.3, 0.3, 0.4]


def test_labels_and_proofs_are_those_of_the_model(victim):
    """Rounding changes no label, so accuracy and certificates stay."""
    defended = PredictionRounding().apply(victim, 0)
    X = victim.data.X_test
    np.testing.assert_array_equal(defended.model.predict(X), victim.model.predict(X))
    form = defended.model.closed_form()
    np.testing.assert_array_equal(form.tensor, victim.model.closed_form().tensor)
    assert not hasattr(defended.model, "expectation_values")


def test_the_adaptive_attacker_ignores_the_rounding(victim):
    """The rounded model shows no gradient; with the model itself the attack is as strong."""
    defended = PredictionRounding().apply(victim, 0)
    attack, data = ProjectedGradient(Radius(0.5)), victim.data
    with pytest.raises(InputError, match="no gradient"):
        grant(attack, defended)
    seen = Victim(defended.adaptive, data, defended.recipe)
    success = []
    for model, target in ((victim.model, victim), (defended.model, seen)):
        outcome = attack.run(grant(attack, target), stream(0, "pgd"))
        success.append(
            metric.evasion_success(model, data.X_test, data.y_test, outcome, attack.radius)
        )
    assert success[0] == success[1]
    assert success[0].value > 0.1


def test_rounding_ends_exact_extraction(victim):
    """Fourier interpolation copies the bare model exactly and the rounded one only roughly."""
    errors = []
    for target in (victim, PredictionRounding(2).apply(victim, 0)):
        attack = FourierExtraction()
        oracle = grant(attack, target, encoding="known", degrees=(1, 1, 1))
        clone = attack.run(oracle, stream(0, "fourier")).clone
        errors.append(metric.logit_error(victim.model, clone, victim.data.X_test))
    assert errors[0] < 1e-6
    assert errors[1] > 1e-3


@pytest.mark.parametrize("decimals", [-1, 16])
def test_decimals_have_a_range(decimals):
    """A double has no more than 15 reliable decimals."""
    with pytest.raises(InputError, match="0 to 15"):
        PredictionRounding(decimals)
