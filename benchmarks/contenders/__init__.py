"""Contenders: each builds, from a workload, a step to time and a way to read its result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


class NotRunError(Exception):
    """A contender cannot do this work, or not in bearable time; the message is the row's reason."""


@dataclass(frozen=True)
class Prepared:
    """A contender ready to run.

    Parameters
    ----------
    run
        One step; returns when the result is there.
    read
        Turns the step's result into named arrays, untimed.
    scale
        Factor from the measured to the stated time, for contenders measured on a part of the work.
    note
        What was extrapolated, or how the contender does the work.
    """

    run: Callable[[], Any]
    read: Callable[[Any], dict[str, np.ndarray]]
    scale: float = 1.0
    note: str = ""


@dataclass(frozen=True)
class Contender:
    """A name for tables and a function that builds the step."""

    engine: str
    build: Callable[[], Prepared]
