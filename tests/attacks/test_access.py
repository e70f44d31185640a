"""Grants follow the declared threat model."""

from types import SimpleNamespace

import numpy as np
import pytest

from redqubit.attacks.access import grant
from redqubit.attacks.evasion.fast_gradient_sign import FastGradientSign
from redqubit.attacks.evasion.square import Square
from redqubit.attacks.poisoning.label_flip import LabelFlip
from redqubit.core.errors import WithheldError
from redqubit.models.target import Oracle, TrainingData, WhiteBox


@pytest.fixture
def victim(binary):
    """Return a victim around the binary model whose first half of samples trained it."""
    model, X, y = binary
    model.encoder_states = lambda X: np.asarray(X) + 0j
    data = SimpleNamespace(
        X_train=X[:30],
        y_train=y[:30],
        X_test=X[30:],
        y_test=y[30:],
        low=0.0,
        high=2.0,
        classes=model.classes_,
    )
    return SimpleNamespace(model=model, data=data)


def test_each_attack_gets_the_view_it_declares(victim):
    """Oracle, white box and training data are granted as the signature says, and no more."""
    for attack, view in (
        (Square(), Oracle),
        (FastGradientSign(), WhiteBox),
        (LabelFlip(), TrainingData),
    ):
        assert type(grant(attack, victim)) is view


def test_samples_under_attack_are_the_test_data_unless_others_are_given(victim):
    """The default is the test part; training data are the attacker's own sample."""
    target = grant(Square(), victim, returns="labels", query_limit=5)
    assert np.array_equal(target.X, victim.data.X_test)
    assert np.array_equal(target.auxiliary[0], victim.data.X_train)
    assert target.meter.limit == 5
    chosen = grant(Square(), victim, victim.data.X_test[:3], victim.data.y_test[:3])
    assert chosen.X.shape == (3, 4)


def test_the_encoder_is_granted_with_the_encoding(victim):
    """A poisoner gets states only if the encoding is known to the attacker."""
    X = victim.data.X_train
    assert grant(LabelFlip(), victim, encoding="angle").encoder_states(X).shape == X.shape
    with pytest.raises(WithheldError):
        grant(LabelFlip(), victim).encoder_states(X)
