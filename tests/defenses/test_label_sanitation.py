import numpy as np
import pytest

from redqubit.attacks import LabelFlip, Quid
from redqubit.attacks.access import grant
from redqubit.core.errors import InputError
from redqubit.core.streams import stream
from redqubit.defenses import LabelSanitation, detection
from redqubit.models.classical import ClassicalNetwork
from redqubit.models.victim import Victim


def states_of(angles):
    """Return one-qubit states at ``angles``; their fidelity is cos^2 of half the difference."""
    return np.stack([np.cos(angles / 2), np.sin(angles / 2)], axis=1).astype(complex)


def test_a_lonely_label_is_outvoted():
    """One wrong label in a cluster is flagged, dropped, or set right; the others stay."""
    angles = np.concatenate([np.linspace(0, 0.2, 6), np.linspace(2, 2.2, 6)])
    truth = np.repeat(["a", "b"], 6)
    y = truth.copy()
    y[2] = "b"
    X = angles[:, None]
    majority, suspicious = LabelSanitation(3).vote(y, states_of(angles))
    assert np.flatnonzero(suspicious).tolist() == [2]
    assert majority[2] == "a"
    kept, left = LabelSanitation(3).sanitize(X, y, states_of(angles))
    np.testing.assert_array_equal(kept, np.delete(X, 2, axis=0))
    np.testing.assert_array_equal(left, np.delete(y, 2))
    same, set_right = LabelSanitation(3, "relabel").sanitize(X, y, states_of(angles))
    assert same is X
    np.testing.assert_array_equal(set_right, truth)


def test_a_tie_with_the_own_label_is_no_suspicion():
    """Two votes against two leave the sample alone."""
    angles = np.array([0.0, 0.1, -0.1, 0.2, -0.2])
    y = np.array([0, 0, 1, 1, 0])
    _, suspicious = LabelSanitation(4).vote(y, states_of(angles))
    assert not suspicious[0]


def test_a_class_never_vanishes():
    """A class whose every sample is suspicious keeps all of them."""
    angles = np.linspace(0, 0.1, 8)
    y = np.array([0, 0, 0, 1, 0, 0, 0, 0])
    _, left = LabelSanitation(3).sanitize(angles[:, None], y, states_of(angles))
    assert 1 in left


@pytest.mark.parametrize("attack", [LabelFlip(fraction=0.1), Quid(fraction=0.1)])
def test_most_flipped_labels_are_caught(attack, victim):
    """Against labels flipped one by one, far more changed than unchanged samples are flagged."""
    outcome = attack.run(grant(attack, victim, encoding="known"), stream(0, attack.name))
    states = victim.model.encoder_states(outcome.X)
    _, suspicious = LabelSanitation().vote(outcome.y, states)
    found = detection(suspicious, np.asarray(outcome.changed, dtype=bool))
    assert found.caught.low > 0.6
    assert found.false_alarms.high < 0.25
    assert found.caught.n + found.false_alarms.n == len(outcome.y)
    assert found.precision.n == suspicious.sum()


def test_an_attacker_who_knows_it_flips_neighborhoods(victim):
    """As many flips in one cluster vouch for each other, and most go unnoticed."""
    data = victim.data
    states, count = victim.model.encoder_states(data.X_train), len(data.y_train) // 5
    fidelity = np.abs(states.conj() @ states.T) ** 2
    own = data.y_train == data.classes[0]
    # The members of one class nearest to each other: each has its neighbors among them.
    center = np.flatnonzero(own)[fidelity[np.ix_(own, own)].mean(axis=1).argmax()]
    nearest = np.argsort(-np.where(own, fidelity[center], -1))[:count]
    caught = []
    scattered = stream(0, "scattered").choice(len(own), count, replace=False)
    for rows in (scattered, nearest):
        changed = np.zeros(len(own), dtype=bool)
        changed[rows] = True
        index = np.searchsorted(data.classes, data.y_train)
        y = data.classes[np.where(changed, (index + 1) % len(data.classes), index)]
        _, suspicious = LabelSanitation().vote(y, states)
        caught.append(detection(suspicious, changed).caught.value)
    assert caught[0] > 0.8
    assert caught[1] < 0.4


def test_sanitized_training_recovers_from_flips(victim):
    """After flips the sanitized recipe is at least as accurate as the bare one, within noise."""
    data, attack = victim.data, Quid(fraction=0.3)
    outcome = attack.run(grant(attack, victim, encoding="known"), stream(1, attack.name))
    defended = LabelSanitation().apply(victim, 0)
    right = [
        int((item.retrain(outcome.X, outcome.y, 4).predict(data.X_test) == data.y_test).sum())
        for item in (victim, defended)
    ]
    assert right[1] >= right[0]


def test_what_cannot_be_compared_is_refused(victim):
    """Too few samples, a model without states and unknown actions are named."""
    with pytest.raises(InputError, match="more than 15 samples"):
        LabelSanitation().vote(np.zeros(15), np.ones((15, 2), dtype=complex))
    network = Victim.train(ClassicalNetwork((), epochs=1), victim.data, 0)
    with pytest.raises(InputError, match="encoder_states"):
        LabelSanitation().apply(network, 0)
    with pytest.raises(InputError, match="did you mean 'drop'"):
        LabelSanitation(action="drp")
    with pytest.raises(InputError, match="neighbors"):
        LabelSanitation(0)


def test_a_sample_has_no_vote_on_itself():
    """With one neighbor, two samples of different labels suspect each other."""
    _, suspicious = LabelSanitation(1).vote(np.array([0, 1]), states_of(np.array([0.0, 0.1])))
    assert suspicious.all()
