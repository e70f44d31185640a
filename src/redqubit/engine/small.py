"""Small circuits on the CPU: the work of `stack` in numpy, with its adjoint.

An operation on a few hundred numbers takes numpy about a quarter of torch's time, and at four
qubits that is all the time there is. Arrays share memory with the tensors they come from. Leading
axes are those of the weights: none, or one of models.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from redqubit.engine.product_adjoint import join
from redqubit.engine.stack import Stack

Array = npt.NDArray[Any]


@dataclass
class MatrixTape:
    """What the adjoint needs: turn matrices, factors, layers, and products of the first layers."""

    turns: Array
    factors: Array | None
    layers: Array
    products: list[Array]


class SmallMatrix:
    """The matrix of a `Stack` for weight angles ``(..., T)``, and its adjoint."""

    def __init__(self, stack: Stack) -> None:
        self._n, self._count, self._width = stack.n, stack.count, stack.width
        self._entries = stack.entries.numpy()
        self._generators = stack.generators.numpy()
        self._signs = stack.signs.numpy()
        self._constants = stack.constants.numpy()
        self._fixed = None if stack.fixed is None else stack.fixed.numpy()

    def forward(self, u: Array) -> tuple[Array, MatrixTape]:
        """Return the matrix ``(..., N, N)``."""
        lead, count, n, states = u.shape[:-1], self._count, self._n, 1 << self._n
        entries = turn_entries(u[..., : count * n])
        picked = entries.reshape(*lead, -1).take(self._entries, -1)
        turns = multiply_rows(picked.reshape(*lead, count, n, -1))
        turns = turns.reshape(*lead, count, states, states)
        factors = self._factors(u) if self._width else self._fixed
        layers = turns if factors is None else turns * factors
        products = [layers[..., 0, :, :]]
        for number in range(1, count):
            products.append(layers[..., number, :, :] @ products[-1])
        return products[-1], MatrixTape(turns, factors, layers, products)

    def _factors(self, u: Array) -> Array:
        """Return the factors of columns ``(..., layers, 1, N)``."""
        chosen = u[..., self._count * self._n :].reshape(*u.shape[:-1], self._count, self._width, 1)
        phases = self._constants + (self._signs @ chosen)[..., 0]
        return join(np.cos(phases), np.sin(phases))[..., None, :]

    def backward(self, conjugate: Array, tape: MatrixTape) -> Array:
        """Return the gradient ``(..., T)`` of the angles, given conj(gradient) of the matrix."""
        mu, gradient = conjugate, np.empty_like(tape.layers)
        for number in range(self._count - 1, 0, -1):
            np.matmul(mu, tape.products[number - 1].mT, out=gradient[..., number, :, :])
            mu = tape.layers[..., number, :, :].mT @ mu
        gradient[..., 0, :, :] = mu
        if tape.factors is not None:
            gradient *= tape.factors  # conj(gradient) of the turns
        correlation = np.ascontiguousarray(gradient.real) @ tape.turns.mT
        correlation = correlation.reshape(*correlation.shape[:-2], -1)
        du: Array = correlation @ self._generators
        du = du.reshape(*du.shape[:-2], -1)
        if not self._width:
            return du
        slopes = (gradient.imag * tape.turns).sum(-2)[..., None, :]
        phases = (slopes @ self._signs).reshape(*du.shape[:-1], -1)
        return np.concatenate((du, -phases), -1)


def turn_entries(half: Array) -> Array:
    """Return the matrices of half angles ``(..., T)`` as rows ``(..., T, 4)``: c, -s, s, c."""
    entries: Array = np.empty((*half.shape, 4), half.dtype)
    np.cos(half, out=entries[..., 0])
    np.sin(half, out=entries[..., 2])
    np.negative(entries[..., 2], out=entries[..., 1])
    entries[..., 3] = entries[..., 0]
    return entries


def multiply_rows(parts: Array) -> Array:
    """Multiply ``(..., rows, R)`` to ``(..., R)``; for a few rows faster than ``np.prod``."""
    total: Array = parts[..., 0, :]
    if parts.shape[-2] > 1:
        total = total * parts[..., 1, :]
    for row in range(2, parts.shape[-2]):
        total *= parts[..., row, :]
    return total
