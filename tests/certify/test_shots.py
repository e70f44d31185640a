import numpy as np
import pytest

from redqubit.certify import shots
from redqubit.core.errors import InputError


@pytest.mark.parametrize("shared", [True, False])
def test_a_margin_above_the_slack_survives_sampling(shared):
    """Shots flip a label whose exact margin is the slack less often than alpha."""
    rng, count, alpha = np.random.default_rng(0), 50, 0.1
    weight = np.array([[1.0, -0.5], [-0.8, 0.6], [0.2, 0.1]])
    width = shots.slack(weight, count, alpha)
    values = np.array([0.2, -0.3])  # exact expectation values
    bias = np.zeros(3)
    for rival in (1, 2):
        exact = (weight[0] - weight[rival]) @ values
        bias[rival] = exact - width[0, rival]  # each exact margin is exactly the slack
    if shared:
        draws = rng.uniform(size=(4000, count, 1)) < (1 + values) / 2
    else:
        draws = rng.uniform(size=(4000, count, 2)) < (1 + values) / 2
    sampled = 2 * draws.mean(axis=1) - 1
    wrong = (sampled @ weight.T + bias).argmax(axis=1) != 0
    assert wrong.mean() <= alpha


def test_slack_shrinks_with_the_square_root_of_the_shots():
    """Four times the shots need half the margin, and no class needs one over itself."""
    weight = np.random.default_rng(1).normal(size=(4, 3))
    width = shots.slack(weight, 100)
    np.testing.assert_allclose(shots.slack(weight, 400), width / 2)
    np.testing.assert_array_equal(np.diag(width), 0)
    np.testing.assert_allclose(width, width.T)


@pytest.mark.parametrize("arguments", [(np.eye(2), 0), (np.eye(2), 10, 1.5), (np.ones((1, 2)), 10)])
def test_bad_arguments_are_named(arguments):
    """Shots, alpha and the head are checked."""
    with pytest.raises(InputError, match="need"):
        shots.slack(*arguments)
