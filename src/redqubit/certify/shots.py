"""Finite shots: how large an exact margin must be for the sampled prediction to be trusted."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from redqubit.certify.arcs import Array
from redqubit.core.errors import InputError


def slack(weight: Any, shots: int, alpha: float = 0.05) -> Array:
    """Return the slack ``(C, C)`` with which a certificate covers predictions from shots.

    A margin of class y over k is a sum ``sum_i (W_yi - W_ki) o_i`` of means of ``shots`` outcomes
    in [-1, 1]. By Hoeffding's inequality it falls by ``R sqrt(2 ln((C - 1) / alpha) / shots)``,
    ``R = sum_i |W_yi - W_ki|``, with probability at most ``alpha / (C - 1)``, whether or not the
    observables share their shots. So a sample certified with this slack is classified as its label
    with probability at least ``1 - alpha`` at every input of its ball.

    Parameters
    ----------
    weight
        The linear head ``(C, K)`` on observables with outcomes -1 and 1.
    shots
        Repetitions a circuit.
    alpha
        Allowed probability of another answer, for one input.

    Raises
    ------
    InputError
        Shots below 1, alpha outside (0, 1), or a weight that is no matrix.

    Source: Hoeffding, J. Am. Stat. Assoc. 58, 13-30 (1963), theorem 2.
    """
    head = np.asarray(weight, dtype=float)
    if head.ndim != 2 or len(head) < 2:
        raise InputError(f"a head needs weight (C, K) with C >= 2, got shape {head.shape}")
    if shots < 1 or not 0 < alpha < 1:
        raise InputError(f"need shots >= 1 and 0 < alpha < 1, got {shots} and {alpha}")
    spread = np.abs(head[:, None] - head[None]).sum(axis=2)
    return np.asarray(spread * math.sqrt(2 * math.log((len(head) - 1) / alpha) / shots))
