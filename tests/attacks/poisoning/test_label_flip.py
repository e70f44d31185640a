"""Label flips change exactly the labels they should."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redqubit.attacks.poisoning.label_flip import LabelFlip
from redqubit.core.errors import InputError
from redqubit.models.target import TrainingData

CLASSES = np.array([1, 4, 6, 9])
Y = np.repeat(CLASSES, 25)
X = np.arange(200.0).reshape(100, 2)


def _flip(seed=0, y=Y, **settings):
    target = TrainingData(X[: len(y)], y, classes=CLASSES)
    return LabelFlip(**settings).run(target, np.random.default_rng(seed))


@given(fraction=st.floats(0, 1), rule=st.sampled_from(["symmetric", "permutation"]))
def test_exactly_the_fraction_gets_a_wrong_label(fraction, rule):
    """As many labels as the fraction says are wrong, the rest and all features are as before."""
    found = _flip(fraction=fraction, rule=rule)
    assert (found.y != Y).sum() == round(fraction * 100)
    assert np.array_equal(found.changed, found.y != Y)
    assert np.array_equal(found.X, X)
    assert set(found.y) <= set(CLASSES)


def test_symmetric_flips_are_uniform_over_wrong_classes():
    """Over many draws every wrong class is equally likely."""
    drawn = np.concatenate([_flip(seed, fraction=1.0).y[:25] for seed in range(60)])
    shares = [(drawn == label).mean() for label in CLASSES]
    assert shares[0] == 0
    assert np.allclose(shares[1:], 1 / 3, atol=5 * np.sqrt(2 / 9 / len(drawn)))


def test_chosen_samples_are_uniform():
    """Over many draws each sample is chosen equally often."""
    counts = sum(_flip(seed, fraction=0.3).changed.astype(int) for seed in range(400))
    assert abs(counts - 120).max() < 5 * np.sqrt(400 * 0.3 * 0.7)


@pytest.mark.parametrize("shift", [1, 3, -1])
def test_permutation_is_the_same_for_all_samples_of_a_class(shift):
    """Every flipped sample of a class becomes the class ``shift`` places on."""
    found = _flip(fraction=0.6, rule="permutation", shift=shift)
    before = np.searchsorted(CLASSES, Y[found.changed])
    assert np.array_equal(found.y[found.changed], CLASSES[(before + shift) % 4])


def test_targeted_flip_moves_one_class_to_another():
    """Only the source class changes, only to the goal, at most all of it."""
    found = _flip(fraction=0.1, rule="targeted", source=4, goal=9)
    assert (Y[found.changed] == 4).all()
    assert (found.y[found.changed] == 9).all()
    assert found.changed.sum() == 10
    assert _flip(fraction=0.9, rule="targeted", source=4, goal=9).changed.sum() == 25


def test_text_labels_work():
    """Labels may be text."""
    target = TrainingData(np.zeros((4, 1)), np.array(["cat", "dog"] * 2))
    found = LabelFlip(1.0).run(target, np.random.default_rng(0))
    assert found.y.tolist() == ["dog", "cat"] * 2


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"fraction": 1.1}, "fraction must be"),
        ({"fraction": float("nan")}, "fraction must be"),
        ({"rule": "symetric"}, "did you mean 'symmetric'"),
        ({"rule": "targeted", "source": 1}, "source and goal"),
        ({"rule": "targeted", "source": 1, "goal": 1}, "source and goal"),
        ({"rule": "targeted", "source": 1, "goal": 5}, "one of"),
        ({"rule": "permutation", "shift": 8}, "itself"),
    ],
)
def test_bad_parameters_are_named(settings, message):
    """Rules that cannot be applied are refused."""
    with pytest.raises(InputError, match=message):
        _flip(**settings)
