"""Where poisoned samples stand decides whether a filter of neighbors finds them."""

import numpy as np
import pytest

from redqubit.attacks.poisoning.distance import between
from redqubit.attacks.poisoning.label_flip import LabelFlip
from redqubit.attacks.poisoning.placement import SIZE, choose
from redqubit.attacks.poisoning.quid import Quid
from redqubit.core.errors import InputError
from redqubit.models.target import TrainingData


def points(count=200, seed=0):
    return np.random.default_rng(seed).normal(size=(count, 3))


@pytest.mark.parametrize("placement", ["scattered", "neighborhoods"])
@pytest.mark.parametrize("count", [0, 1, 55, 200, 300])
def test_exactly_the_budget_is_chosen_once_each(placement, count):
    """As many different indices are chosen as asked for, or all there are."""
    X = points()
    apart = between(X, X, "euclidean")
    chosen = choose(np.arange(200), apart, count, placement, np.random.default_rng(1))
    assert len(chosen) == len(set(chosen.tolist())) == min(count, 200)


def test_a_neighborhood_is_a_center_and_its_nearest():
    """Within one neighborhood's size, the chosen samples are the nearest of one of them."""
    X = points()
    apart = between(X, X, "euclidean")
    chosen = choose(np.arange(200), apart, SIZE, "neighborhoods", np.random.default_rng(2))
    assert any(set(chosen) == set(np.argsort(apart[center])[:SIZE]) for center in chosen)


@pytest.mark.parametrize("attack", [LabelFlip(0.3), Quid(0.3, distance="euclidean")])
def test_the_adapted_attack_hides_from_a_vote_of_neighbors(attack):
    """Among the nearest 15 of a changed sample, more have its new label once the attack adapts."""
    rng = np.random.default_rng(3)
    y = np.arange(240) % 3
    X = rng.normal(size=(240, 2)) + 4.0 * np.eye(3, 2)[y]

    def vouchers(technique):
        outcome = technique.run(TrainingData(X, y), np.random.default_rng(4))
        near = np.argsort(between(X, X, "euclidean"), axis=1)[:, 1:16]
        same = outcome.y[near] == outcome.y[:, None]
        return same[outcome.changed].mean()

    assert vouchers(attack.adapted()) > vouchers(attack) + 0.2


@pytest.mark.parametrize("attack", [LabelFlip, Quid])
def test_an_unknown_placement_is_named(attack):
    """A misspelled placement is an error with the near miss."""
    with pytest.raises(InputError, match="did you mean 'scattered'"):
        attack(placement="scatered")
