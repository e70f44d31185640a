import dataclasses
from importlib.metadata import EntryPoint

import numpy as np
import pytest

from redqubit import defenses
from redqubit.core import registry
from redqubit.core.errors import InputError
from redqubit.defenses import cost

SMALL = {"adversarial_training": {"epochs": 1, "steps": 2}}


@pytest.mark.parametrize("defense", defenses.ALL)
def test_every_defense_keeps_the_contract(defense, victim):
    """Each is a frozen dataclass that leaves the victim alone and shows its adaptive view."""
    assert dataclasses.is_dataclass(defense)
    assert defense.__dataclass_params__.frozen
    assert defenses.by_name(defense.name) is defense
    assert defense.title
    assert defense.cost.endswith(".")
    before = victim.model.scores(victim.data.X_test)
    defended = defense(**SMALL.get(defense.name, {})).apply(victim, 1)
    np.testing.assert_array_equal(victim.model.scores(victim.data.X_test), before)
    assert defended.data is victim.data
    if defense.name == "none":
        assert defended is victim
        return
    assert defense.mitigation.startswith("QML.M")
    assert defended.view == "exact"
    assert callable(defended.adaptive.logits)
    probabilities = defended.model.predict_proba(victim.data.X_test)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert defended.model.scores(victim.data.X_test).shape == probabilities.shape
    np.testing.assert_array_equal(defended.model.classes_, victim.model.classes_)


@pytest.mark.parametrize("defense", [item for item in defenses.ALL if item.name != "none"])
def test_a_defended_recipe_trains_a_defended_model(defense, victim):
    """Training again, as a poisoner makes happen, gives a model behind the same defense."""
    defended = defense(**SMALL.get(defense.name, {})).apply(victim, 1)
    again = defended.retrain(victim.data.X_train, victim.data.y_train, 3)
    assert type(again) is type(defended.model)
    twin = defended.retrain(victim.data.X_train, victim.data.y_train, 3)
    X = victim.data.X_test
    np.testing.assert_array_equal(again.predict_proba(X), twin.predict_proba(X))


def test_mitigation_ids_are_unique():
    """No two defenses share a name or an id."""
    for field in ("name", "mitigation"):
        values = [getattr(item, field) for item in defenses.ALL]
        assert len(set(values)) == len(values)


def test_an_unknown_name_gets_the_near_miss():
    """A misspelled defense is answered with the right one."""
    with pytest.raises(InputError, match="did you mean 'noise_layer'"):
        defenses.by_name("noise_layr")


def test_plug_ins_are_found_by_their_name(monkeypatch):
    """An entry point adds a defense; one whose class has another name is refused."""
    entry = EntryPoint("identity", "redqubit.defenses.none:NoDefense", defenses.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [entry])
    assert defenses.names()[-1] == "identity"
    with pytest.raises(InputError, match="use one name"):
        defenses.by_name("identity")
    monkeypatch.setattr(defenses.NoDefense, "name", "identity")
    assert defenses.by_name("identity") is defenses.NoDefense


def test_the_price_is_the_accuracy_given_up(victim):
    """Hiding scores costs no accuracy, and answers do not change."""
    bill = cost.price(victim, defenses.TopOne().apply(victim, 0))
    assert bill.before == bill.after
    assert bill.changed.successes == 0
    assert bill.before.n == len(victim.data.y_test)
