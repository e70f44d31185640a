"""The rules of the supply chain, one a file, in the order of their ids."""

from __future__ import annotations

from types import ModuleType
from typing import Final

from redqubit.scan.supply.rules import (
    dep_01,
    dep_02,
    dep_03,
    dep_04,
    dep_05,
    dep_06,
    mod_01,
    mod_02,
    mod_03,
    mod_04,
    mod_05,
    mod_06,
)

ALL: Final[tuple[ModuleType, ...]] = (
    dep_01,
    dep_02,
    dep_03,
    dep_04,
    dep_05,
    dep_06,
    mod_01,
    mod_02,
    mod_03,
    mod_04,
    mod_05,
    mod_06,
)
