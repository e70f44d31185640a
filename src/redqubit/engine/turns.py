"""Real rotations of several qubits at once: their matrices, and gradients from correlations.

All functions take half angles: RY(2 h) is ``[[cos h, -sin h], [sin h, cos h]]`` and its derivative
by h is ``J RY`` with ``J = [[0, -1], [1, 0]]``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

Index = npt.NDArray[np.int64]


def entries(half: torch.Tensor) -> torch.Tensor:
    """Return the matrices of half angles ``(..., T)`` as rows ``(..., T, 4)``: c, -s, s, c."""
    cos, sin = half.cos(), half.sin()
    return torch.stack((cos, -sin, sin, cos), -1)


def entry_index(size: int, source: Index | None = None) -> Index:
    """Return ``(size, K^2)``: which of the ``4 size`` entries make up each entry of the product.

    Qubits count from the highest to the lowest, as the rows of a window do. ``source`` permutes
    the columns: column j of the result is column ``source[j]`` of the product.
    """
    states = np.arange(2**size)
    columns = states if source is None else source
    rows = []
    for place in range(size):
        bit = size - 1 - place
        row, column = states[:, None] >> bit & 1, columns[None, :] >> bit & 1
        rows.append((4 * place + 2 * row + column).ravel())
    return np.stack(rows)


def generators(size: int) -> npt.NDArray[np.float64]:
    """Return ``(K^2, size)``: column q maps the correlation of a window to its q-th gradient.

    The correlation is ``Q = sum lam psi^T`` over everything else, psi and its gradient lam taken
    after the turns; the gradient by the q-th half angle is ``sum J_q * Q``.
    """
    states = np.arange(2**size)
    columns = []
    for bit in range(size - 1, -1, -1):
        table = np.zeros((2**size, 2**size))
        table[states, states ^ (1 << bit)] = np.where(states >> bit & 1, 1.0, -1.0)
        columns.append(table.ravel())
    return np.stack(columns, 1)
