"""The registry is a tuple one can read, with unique names and ids."""

import dataclasses
import importlib.metadata

import pytest

import redqubit.attacks as attacks
from redqubit.attacks.evasion.square import Square
from redqubit.core import registry
from redqubit.core.errors import InputError
from redqubit.core.record import to_json
from redqubit.models.target import Oracle, TrainingData, WhiteBox

IDS = {
    "label_flip": "QML.T0001",
    "quid": "QML.T0002",
    "fast_gradient_sign": "QML.T0010.001",
    "projected_gradient": "QML.T0010.002",
    "universal_perturbation": "QML.T0011",
    "square": "QML.T0012",
    "transfer_evasion": "QML.T0013",
    "learned_extraction": "QML.T0020",
    "fourier_extraction": "QML.T0021",
}


def test_names_and_ids_are_the_kill_chains():
    """Each attack has its permanent name and technique id."""
    assert {attack.name: attack.technique for attack in attacks.ALL} == IDS
    assert set(IDS) <= set(attacks.names())


@pytest.mark.parametrize("attack", attacks.ALL, ids=lambda attack: attack.name)
def test_defaults_are_complete_and_storable(attack):
    """Every attack can be built without arguments and written as JSON."""
    assert dataclasses.is_dataclass(attack)
    assert isinstance(to_json(attack()), dict)
    assert attack.title


def test_signatures_state_access_and_kind():
    """What an attack needs and makes is read off the signature of run."""
    views = {attack.name: attacks.access(attack) for attack in attacks.ALL}
    assert {name for name, view in views.items() if view is TrainingData} == {"label_flip", "quid"}
    assert {name for name, view in views.items() if view is WhiteBox} == {
        "fast_gradient_sign",
        "projected_gradient",
        "universal_perturbation",
    }
    assert views["square"] is Oracle
    kinds = {attack.name: attacks.kind(attack()) for attack in attacks.ALL}
    assert kinds["quid"] == "poisoning"
    assert kinds["fourier_extraction"] == "extraction"
    assert kinds["transfer_evasion"] == "evasion"


def test_unknown_name_names_the_near_miss():
    """A typo is answered with what was meant."""
    assert attacks.by_name("square") is Square
    with pytest.raises(InputError, match="did you mean 'projected_gradient'"):
        attacks.by_name("projected_gradent")


def test_plugins_join_through_entry_points(monkeypatch):
    """An installed plug-in is found by its name, and must bear the name it is registered under."""

    def installed(group):
        assert group == "redqubit.attacks"
        module = "redqubit.attacks.evasion.square:Square"
        return [importlib.metadata.EntryPoint(name, module, group) for name in ("square", "cube")]

    monkeypatch.setattr(registry, "entry_points", installed)
    assert attacks.names()[-1] == "cube"
    with pytest.raises(InputError, match="use one name"):
        attacks.by_name("cube")


def test_a_signature_without_a_view_is_refused():
    """An attack that does not say what it needs cannot be granted anything."""

    class Vague:
        def run(self, target, rng):
            return None

    with pytest.raises(InputError, match="must annotate 'target'"):
        attacks.access(Vague)
    with pytest.raises(InputError, match="needs run"):
        attacks.access(int)
