"""Targets withhold what they do not grant and meter what they do."""

import copy

import numpy as np
import pytest
import torch

from redqubit.core.budget import Cost
from redqubit.core.errors import BudgetExceededError, InputError, WithheldError
from redqubit.models.target import Meter, Oracle, TrainingData, WhiteBox, class_index


class _Linear:
    """Logits ``x @ W`` with three classes on two features."""

    classes_ = np.array([2, 5, 7])
    n_features_in_ = 2
    W = np.array([[1.0, -1.0, 0.5], [0.0, 1.0, -2.0]])

    def scores(self, X):
        return X @ self.W

    def predict(self, X):
        return self.classes_[self.scores(X).argmax(1)]

    def predict_proba(self, X):
        odds = np.exp(self.scores(X))
        return odds / odds.sum(1, keepdims=True)

    def expectation_values(self, X):
        return np.tanh(X)

    def sampled_scores(self, X, shots, rng):
        return self.scores(X) + rng.normal(size=(len(X), 3)) / np.sqrt(shots)

    def logits(self, x):
        return x @ torch.as_tensor(self.W).to(x)


X = np.array([[0.1, 0.2], [1.0, -1.0], [0.5, 0.5]])
Y = np.array([2, 5, 7])


def _oracle(**settings):
    return Oracle(_Linear(), X, Y, -2.0, 2.0, **settings)


def test_answers_are_the_models():
    """An oracle without shots answers exactly what the model says."""
    target, model = _oracle(returns="expectations"), _Linear()
    assert np.array_equal(target.predict(X), model.predict(X))
    assert np.array_equal(target.predict_proba(X), model.predict_proba(X))
    assert np.array_equal(target.expectation_values(X), model.expectation_values(X))
    assert np.allclose(np.diff(target.log_scores(X)), np.diff(model.scores(X)), atol=1e-14)


@pytest.mark.parametrize(
    ("returns", "withheld"),
    [
        ("labels", ["predict_proba", "log_scores", "expectation_values"]),
        ("probabilities", ["expectation_values"]),
        ("expectations", []),
    ],
)
def test_answers_hold_no_more_than_granted(returns, withheld):
    """Every kind of answer above the granted one is refused, and a refusal costs nothing."""
    target = _oracle(returns=returns)
    for name in withheld:
        with pytest.raises(WithheldError, match=f"returns {returns} only"):
            getattr(target, name)(X)
    assert target.meter.cost == Cost()
    assert target.predict(X).shape == (3,)


@pytest.mark.parametrize("name", ["logits", "loss_gradient", "model", "scores", "encoder_states"])
def test_oracle_has_no_gradient_and_no_model_to_ask_for(name):
    """What an oracle does not grant is not there: asking names what is granted."""
    target = _oracle()
    assert not hasattr(target, name)
    with pytest.raises(WithheldError, match=r"Oracle knows only .*predict_proba"):
        getattr(target, name)


def test_no_attribute_of_a_view_is_the_model():
    """No attribute of a target, private ones included, is the victim or leads past the meter."""
    model = _Linear()
    for target in (Oracle(model, X, Y, 0, 1), WhiteBox(model, X, Y, 0, 1)):
        held = vars(target).values()
        assert all(item is not model for item in held)
        assert not any(hasattr(item, "predict") for item in held)


def test_near_miss_is_named():
    """A misspelled attribute names the one that was meant."""
    with pytest.raises(WithheldError, match="did you mean 'predict_proba'"):
        _oracle().predict_probas  # noqa: B018


def test_target_can_be_copied_and_inspected():
    """Copying and hasattr follow Python's protocols although the view refuses attributes."""
    assert copy.copy(_oracle()).n_features == 2
    assert not hasattr(_oracle(), "__array__")


def test_encoding_and_auxiliary_data_are_withheld_unless_granted():
    """Without a grant the encoder's degrees and the attacker's own data raise their own refusal."""
    bare = _oracle()
    assert bare.encoding is None
    with pytest.raises(WithheldError, match="hides its encoder"):
        bare.degrees  # noqa: B018
    with pytest.raises(WithheldError, match="owns no data"):
        bare.auxiliary  # noqa: B018
    rich = _oracle(encoding="angle", auxiliary=(X[:2], Y[:2]))
    assert rich.degrees == (1, 1)
    assert rich.encoding == "angle"
    assert np.array_equal(rich.auxiliary[0], X[:2])


def test_arrays_are_read_only_copies():
    """Nothing a target hands out can be written to, and none of it is the victim's memory."""
    samples, labels = X.copy(), Y.copy()
    target = Oracle(_Linear(), samples, labels, 0, 1, auxiliary=(samples, labels))
    data = TrainingData(samples, labels, encoder=lambda X: X)
    handed = [target.X, target.y, target.classes, *target.domain, *target.auxiliary]
    handed += [data.X, data.y, data.classes, data.encoder_states(samples)]
    for array in handed:
        assert not array.flags.writeable
        assert not np.shares_memory(array, samples)
        assert not np.shares_memory(array, labels)


def test_meter_counts_queries_circuits_and_shots():
    """One query a sample, one circuit a query, shots on top; log scores are probabilities."""
    target = _oracle(shots=50)
    target.predict(X)
    target.log_scores(X[:2])
    assert target.meter.cost == Cost(queries=5, circuits=5, shots=250)


def test_a_gradient_costs_two_circuits_a_feature_occurrence():
    """With parameter shift a gradient of F features of degree d takes 2 * F * d circuits."""
    box = WhiteBox(_Linear(), X, Y, 0, 1, degrees=(1, 3), encoding="reupload")
    box.logits(torch.as_tensor(X))
    assert box.meter.cost == Cost(queries=3, circuits=3)
    box.loss_gradient(X, Y)
    assert box.meter.cost == Cost(queries=6, circuits=3 + 3 + 3 * 8)
    assert box.meter.gradients == 3


def test_query_limit_is_never_exceeded():
    """A request beyond the limit is refused whole, with the number that is left."""
    target = _oracle(query_limit=4)
    target.predict(X)
    with pytest.raises(BudgetExceededError, match="at most 1"):
        target.predict(X)
    assert target.meter.queries == 3
    assert target.predict(X[:1]).shape == (1,)


def test_meter_cannot_be_set_back():
    """Counters are read-only."""
    meter = Meter(3)
    meter.spend(2)
    with pytest.raises(AttributeError):
        meter.queries = 0
    assert meter.limit == 3
    with pytest.raises(InputError, match=">= 0"):
        Meter(-1)


def test_loss_gradient_is_the_softmax_residual():
    """For linear logits the gradient of the cross entropy is (p - onehot) W^T."""
    model = _Linear()
    residual = model.predict_proba(X) - np.eye(3)
    box = WhiteBox(model, X, Y, 0, 1)
    assert np.allclose(box.loss_gradient(X, Y), residual @ model.W.T, atol=1e-14)


def test_shot_noise_depends_on_the_seed_alone():
    """Two services with one seed answer alike, and each repeats itself no more than noise does."""
    first, second = _oracle(shots=10, seed=3), _oracle(shots=10, seed=3)
    answers = first.predict_proba(X)
    assert np.array_equal(answers, second.predict_proba(X))
    assert not np.array_equal(answers, first.predict_proba(X))
    assert np.allclose(answers.sum(1), 1)
    assert set(first.predict(X)) <= set(_Linear.classes_)


def test_training_data_withholds_the_encoder_unless_known():
    """States cost one circuit each and are refused to an attacker who lacks the encoder."""
    with pytest.raises(WithheldError, match="encoding circuit"):
        TrainingData(X, Y).encoder_states(X)
    data = TrainingData(X, Y, encoder=lambda samples: samples**2)
    assert np.array_equal(data.encoder_states(X), X**2)
    assert data.meter.cost == Cost(circuits=3)
    assert data.classes.tolist() == [2, 5, 7]
    assert data.n_features == 2
    with pytest.raises(WithheldError, match="TrainingData knows only"):
        data.predict  # noqa: B018


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: _oracle(returns="logits"), "unknown kind of answer"),
        (lambda: _oracle(shots=0), "shots must be"),
        (lambda: _oracle(degrees=(1,)), "degrees must name 2"),
        (lambda: Oracle(_Linear(), X[:, :1], Y, 0, 1), r"shape \(B, 2\)"),
        (lambda: Oracle(_Linear(), X, Y[:2], 0, 1), "one label for each of 3"),
        (lambda: Oracle(_Linear(), X * np.nan, Y, 0, 1), "finite"),
        (lambda: Oracle(_Linear(), X, Y, 1, 0), "low <= high"),
        (lambda: _oracle().predict(X[0]), "shape"),
        (lambda: WhiteBox(object(), X, Y, 0, 1), "no gradient"),
        (lambda: WhiteBox(_Linear(), X, Y, 0, 1).logits(torch.zeros(2)), r"\(B, 2\)"),
        (lambda: class_index(np.array([2, 5]), np.array([2, 3])), "one of"),
    ],
)
def test_bad_input_is_named(build, message):
    """Each wrong argument is refused with the rule it broke."""
    with pytest.raises(InputError, match=message):
        build()


def test_class_index_inverts_the_classes():
    """Positions found for labels are those of the sorted classes."""
    classes = np.array([2, 5, 7])
    assert np.array_equal(classes[class_index(classes, Y[::-1])], Y[::-1])
