"""The example of a custom attack is short and keeps the contract."""

import inspect
import runpy
from pathlib import Path

from redqubit.attacks.access import access, kind
from redqubit.attacks.contract import contract
from redqubit.models.target import Oracle

EXAMPLE = Path(__file__).parents[2] / "examples" / "custom_attack.py"


def test_example_is_at_most_twenty_lines_and_keeps_the_contract(capsys):
    """The attack of the example has at most 20 lines, declares queries only and passes."""
    attack = runpy.run_path(str(EXAMPLE), run_name="__main__")["TowardCenter"]
    assert "keeps the contract" in capsys.readouterr().out
    source = EXAMPLE.read_text().split("@dataclass", 1)[1].split("\n\n\n", 1)[0]
    assert len(source.splitlines()) <= 20
    assert (access(attack), kind(attack)) == (Oracle, "evasion")
    assert inspect.isclass(attack)
    contract(attack())
