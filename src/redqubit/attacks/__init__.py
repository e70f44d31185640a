"""Attacks on quantum machine learning models: one technique a file.

`ALL` is the registry; outsiders add theirs through the entry-point group ``redqubit.attacks``.
"""

from __future__ import annotations

from typing import Any

from redqubit.attacks.access import Attack, access, grant, kind
from redqubit.attacks.campaign.transfer_evasion import TransferEvasion
from redqubit.attacks.clone import Clone
from redqubit.attacks.contract import ContractError, contract
from redqubit.attacks.control import controls
from redqubit.attacks.evasion.fast_gradient_sign import FastGradientSign
from redqubit.attacks.evasion.projected_gradient import ProjectedGradient
from redqubit.attacks.evasion.square import Square
from redqubit.attacks.evasion.universal_perturbation import UniversalPerturbation
from redqubit.attacks.extraction.fourier_extraction import FourierExtraction
from redqubit.attacks.extraction.learned_extraction import LearnedExtraction
from redqubit.attacks.outcome import Evasion, Extraction, Poisoning
from redqubit.attacks.poisoning.label_flip import LabelFlip
from redqubit.attacks.poisoning.quid import Quid
from redqubit.core import registry

GROUP = "redqubit.attacks"
ALL: tuple[type[Any], ...] = (
    LabelFlip,
    Quid,
    FastGradientSign,
    ProjectedGradient,
    UniversalPerturbation,
    Square,
    TransferEvasion,
    LearnedExtraction,
    FourierExtraction,
)


def names() -> tuple[str, ...]:
    """Return the names of all attacks, installed plug-ins last."""
    return registry.names(ALL, GROUP)


def by_name(name: str) -> type[Any]:
    """Return the attack class called ``name``: one of ours, or a plug-in's.

    Raises
    ------
    InputError
        Unknown name (the near miss is named), or a plug-in whose class bears another name.
    """
    return registry.by_name(ALL, GROUP, "attack", name)


__all__ = [
    "ALL",
    "Attack",
    "Clone",
    "ContractError",
    "Evasion",
    "Extraction",
    "FastGradientSign",
    "FourierExtraction",
    "LabelFlip",
    "LearnedExtraction",
    "Poisoning",
    "ProjectedGradient",
    "Quid",
    "Square",
    "TransferEvasion",
    "UniversalPerturbation",
    "access",
    "by_name",
    "contract",
    "controls",
    "grant",
    "kind",
    "names",
]
