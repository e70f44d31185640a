"""Code and kill chain meet in ids alone, and every id leads somewhere."""

import pytest

from redqubit import attacks, defenses, killchain
from redqubit.killchain import Mitigation, Technique
from redqubit.models.target import Oracle, TrainingData, WhiteBox
from redqubit.scan import catalog, techniques

CHAIN = killchain.load()
VIEWS = {Oracle: "oracle", WhiteBox: "white box", TrainingData: "training data"}


@pytest.mark.parametrize("attack", attacks.ALL, ids=lambda item: item.name)
def test_an_attack_links_to_its_technique(attack):
    """The id of an attack is a technique, whose access is the type of the attack's target."""
    technique = CHAIN.by_id[attack.technique]
    assert isinstance(technique, Technique)
    assert VIEWS[attacks.access(attack)] in technique.access


@pytest.mark.parametrize(
    "defense", [item for item in defenses.ALL if item.mitigation], ids=lambda item: item.name
)
def test_a_defense_links_to_its_mitigation(defense):
    """The id of a defense is a mitigation."""
    assert isinstance(CHAIN.by_id[defense.mitigation], Mitigation)


def test_the_kill_chain_knows_what_redqubit_runs():
    """The listed executables are the registries, so nothing needs to be imported to know them."""
    listed = {(item.kind, item.id, item.name, item.title) for item in CHAIN.executables}
    registered = {("attack", a.technique, a.name, a.title) for a in attacks.ALL}
    registered |= {("defense", d.mitigation, d.name, d.title) for d in defenses.ALL if d.mitigation}
    registered |= {
        ("rule", t, rule.id, rule.name) for rule in catalog.rules() for t in rule.techniques
    }
    assert listed == registered


def test_every_security_rule_guards_against_a_technique():
    """Rules and oracles name techniques that exist; only rules about mere mistakes name none."""
    for rule, names in techniques.OF.items():
        assert all(isinstance(CHAIN.by_id[name], Technique) for name in names), rule
    free = {rule.id for rule in catalog.rules() if not rule.techniques}
    assert free == {"COR-01", "COR-02", "COR-03", "ENC-05", "ENC-06", "SUP-01", "VAR-05"}
    known = {rule.id for rule in catalog.rules()}
    assert {rule for rule in techniques.OF if not rule.startswith("FUZ")} <= known


def test_executed_techniques_have_evidence():
    """What redqubit executes is grounded in at least one record."""
    for item in CHAIN.executables:
        if item.kind == "attack":
            assert CHAIN.by_id[item.id].evidence != "none found"
