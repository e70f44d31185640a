"""What an attack leaves behind; it claims nothing, the metrics judge it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from redqubit.models.model import Model

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, eq=False)
class Evasion:
    """Changed inputs: ``X`` ``(N, F)`` in encoder angles, one row for each sample under attack.

    ``steps`` tells in one sentence each what happened; ``values`` holds numbers worth reporting
    (queries of a stage, size of a perturbation); ``shared`` says that one and the same change was
    made to all samples; ``clone`` is the substitute the attack was prepared on, if there was one.
    """

    X: Array
    steps: tuple[str, ...] = ()
    values: Mapping[str, float] = field(default_factory=dict)
    shared: bool = False
    clone: Model | None = None


@dataclass(frozen=True, eq=False)
class Poisoning:
    """A rewritten training set: ``X`` ``(N, F)``, ``y`` ``(N,)``, and which rows ``changed``."""

    X: Array
    y: Array
    changed: Array
    steps: tuple[str, ...] = ()
    values: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Extraction:
    """A stolen model and the inputs ``queries`` ``(Q, F)`` that were sent for it."""

    clone: Model
    queries: Array
    steps: tuple[str, ...] = ()
    values: Mapping[str, float] = field(default_factory=dict)


Outcome: TypeAlias = Evasion | Poisoning | Extraction
