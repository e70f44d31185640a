"""The static rules, in the order they are listed; a new one is a file and a line here."""

from typing import Final

from redqubit.scan.static.rule import Rule
from redqubit.scan.static.rules import sup_01

ALL: Final[tuple[Rule, ...]] = (sup_01,)
