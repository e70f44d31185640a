"""QUID chooses the class that is farthest in state space, as brute force does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.attacks.poisoning.quid import Quid, between, overlap
from redqubit.core.budget import Cost
from redqubit.core.errors import InputError, WithheldError
from redqubit.models.target import TrainingData

CLASSES = np.array([2, 5, 7])


def _rx(X):
    """Return the one-qubit states RX(x)|0>."""
    return np.stack([np.cos(X[:, 0] / 2), -1j * np.sin(X[:, 0] / 2)], axis=1)


def _data(seed=0, size=40):
    rng = np.random.default_rng(seed)
    y = rng.choice(CLASSES, size)
    X = np.searchsorted(CLASSES, y)[:, None] * 1.1 + rng.normal(0, 0.3, (size, 1))
    return X, y


def _brute_force(X, y, chosen, distance):
    """Relabel by the definition, one pair of density matrices at a time."""
    matrices = [np.outer(state, state.conj()) for state in _rx(X)]
    relabeled = y.copy()
    clean = np.setdiff1d(np.arange(len(y)), chosen)
    for i in chosen:
        means = []
        for label in CLASSES:
            apart = [matrices[i] - matrices[j] for j in clean if y[j] == label]
            order = "fro" if distance == "hilbert_schmidt" else "nuc"
            means.append(np.mean([np.linalg.norm(item, order) for item in apart]))
        relabeled[i] = CLASSES[int(np.argmax(means))]
    return relabeled


@pytest.mark.parametrize("distance", ["hilbert_schmidt", "trace"])
@pytest.mark.parametrize("seed", range(5))
def test_labels_are_those_of_the_definition(distance, seed):
    """On one qubit the chosen labels equal those of the written-out definition."""
    X, y = _data(seed)
    target = TrainingData(X, y, classes=CLASSES, encoder=_rx)
    found = Quid(0.4, distance).run(target, np.random.default_rng(seed))
    chosen = np.random.default_rng(seed).permutation(len(y))[:16]
    assert np.array_equal(found.y, _brute_force(X, y, chosen, distance))
    assert np.array_equal(found.changed, found.y != y)
    assert np.array_equal(found.X, X)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_distances_of_density_matrices_match_their_norms(seed):
    """Both distances of mixed states are the matrix norms they are named for."""
    rng = np.random.default_rng(seed)
    factor = rng.normal(size=(5, 4, 4)) + 1j * rng.normal(size=(5, 4, 4))
    states = factor @ factor.conj().transpose(0, 2, 1)
    states /= np.trace(states, axis1=1, axis2=2)[:, None, None]
    for i in range(3):
        for j in range(2):
            apart = states[i] - states[3 + j]
            hilbert_schmidt = between(states[:3], states[3:], "hilbert_schmidt")[i, j]
            trace = between(states[:3], states[3:], "trace")[i, j]
            assert np.isclose(hilbert_schmidt, np.linalg.norm(apart), atol=1e-7)
            assert np.isclose(trace, np.linalg.norm(apart, "nuc") / 2, atol=1e-9)


def test_pure_and_mixed_forms_agree():
    """A pure state given as a vector or as a matrix has the same distances and overlaps."""
    states = _rx(np.linspace(0, 3, 7)[:, None])
    matrices = states[:, :, None] * states[:, None, :].conj()
    for distance in ("hilbert_schmidt", "trace"):
        pure, mixed = (between(form, form, distance) for form in (states, matrices))
        assert np.allclose(pure, mixed, atol=1e-7)
    assert np.allclose(overlap(states, states), overlap(matrices, matrices), atol=1e-12)


def test_two_separated_classes_are_simply_flipped():
    """With two classes QUID flips every chosen label: its rule is the random flip's."""
    y = np.repeat([0, 1], 20)
    X = y[:, None] * np.pi + np.random.default_rng(0).normal(0, 0.1, (40, 1))
    target = TrainingData(X, y, encoder=_rx)
    found = Quid(0.5).run(target, np.random.default_rng(0))
    assert found.changed.sum() == 20
    assert found.values["nearest_class_accuracy"] == 1.0
    assert found.values["intra_fidelity"] > 0.9 > 0.1 > found.values["inter_fidelity"]


def test_euclidean_control_needs_no_encoder():
    """The control runs where the encoder is withheld, the attack itself does not."""
    X, y = _data()
    rng = np.random.default_rng(0)
    found = Quid(0.3, "euclidean").run(TrainingData(X, y, classes=CLASSES), rng)
    # class 5 lies between the others, so the farthest class is an end
    assert set(found.y[found.changed]) == {2, 7}
    assert found.values["inter_distance"] > found.values["intra_distance"]
    with pytest.raises(WithheldError):
        Quid(0.3).run(TrainingData(X, y, classes=CLASSES), rng)


def test_each_sample_is_encoded_once():
    """The cost is one encoder run for each training sample, none for an empty fraction."""
    X, y = _data()
    target = TrainingData(X, y, encoder=_rx)
    Quid(0.0).run(target, np.random.default_rng(0))
    assert target.meter.cost == Cost()
    Quid(0.2).run(target, np.random.default_rng(0))
    assert target.meter.cost == Cost(circuits=40)


def test_a_class_without_clean_samples_is_not_chosen():
    """Nothing is known about a class with no clean sample, so no label moves there."""
    X, y = _data()
    target = TrainingData(X, y, classes=np.array([2, 5, 7, 8]), encoder=_rx)
    assert 8 not in Quid(0.5).run(target, np.random.default_rng(0)).y


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"fraction": 1.0}, r"in \[0, 1\)"),
        ({"distance": "hilbertschmidt"}, "did you mean 'hilbert_schmidt'"),
    ],
)
def test_bad_parameters_are_named(settings, message):
    """A fraction that leaves no clean sample and an unknown distance are refused."""
    with pytest.raises(InputError, match=message):
        Quid(**settings)
