"""The example of a custom attack is short, keeps the contract and appears in a report."""

import runpy
from pathlib import Path

from redqubit.attacks.access import access, kind
from redqubit.attacks.contract import contract
from redqubit.models.target import Oracle

EXAMPLE = Path(__file__).parents[2] / "examples" / "custom_attack.py"


def test_example_is_at_most_twenty_lines_and_keeps_the_contract():
    """The attack of the example has at most 20 lines, declares queries only and passes."""
    attack = runpy.run_path(str(EXAMPLE))["TowardNeighbor"]
    source = EXAMPLE.read_text().split("@dataclass", 1)[1].split("\n\n\n", 1)[0]
    assert len(source.splitlines()) <= 20
    assert (access(attack), kind(attack)) == (Oracle, "evasion")
    contract(attack())


def test_example_prints_a_report_with_its_attack(capsys):
    """Run as a script, the example measures its attack and shows it with its controls."""
    runpy.run_path(str(EXAMPLE), run_name="__main__")
    printed = capsys.readouterr().out
    assert "Toward neighbor" in printed
    assert "random change turns" in printed
