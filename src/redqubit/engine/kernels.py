"""The few operations that states go through: in torch for every device, in numpy for the CPU.

On the CPU the matrix products of windows run 1.5 times as fast through numpy, because small
products of a batch go straight to BLAS, and row products three times as fast. States are
``(M, 2^n, C)``, complex or real.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch

from redqubit.engine.plan import Window
from redqubit.engine.pool import Pool
from redqubit.engine.small import multiply_rows, turn_entries
from redqubit.engine.turns import entries

Array = npt.NDArray[Any]
COLUMNS = 512  # of one matrix product in numpy: small enough for one thread and the cache


class Kernels(Protocol):
    """Operations on states of one array type."""

    def enter(self, psi: torch.Tensor) -> Any:
        """Turn a tensor into the array type."""

    def leave(self, psi: Any) -> torch.Tensor:
        """Turn an array into a tensor."""

    def turns(self, half: torch.Tensor, index: torch.Tensor) -> Any:
        """Return the matrices ``(count, M, K, K)`` of half angles ``(M, count, size)``."""

    def multiply(self, psi: Any, matrices: Sequence[Any], windows: Sequence[Window]) -> Any:
        """Multiply the qubits of each window by its real matrices ``(M, K, K)``."""

    def correlate(self, left: Any, right: Any, windows: Sequence[Window]) -> list[torch.Tensor]:
        """Return ``Re sum conj(left) right`` over all but each window: ``(M, K, K)``."""

    def scale(self, psi: Any, factor: torch.Tensor) -> Any:
        """Multiply by factors ``(M, N, C)`` that broadcast."""

    def scale_own(self, psi: Any, factor: torch.Tensor) -> Any:
        """Do the same to an array that nobody else needs, which may be overwritten."""

    def gather(self, psi: Any, index: torch.Tensor) -> Any:
        """Return rows in another order."""

    def slopes(self, lam: Any, psi: Any) -> torch.Tensor:
        """Return ``Im conj(lam) psi``."""

    def row_slopes(self, lam: Any, psi: Any) -> torch.Tensor:
        """Return ``Im conj(lam) psi`` summed over columns, ``(M, N)``."""


class TorchKernels:
    """Kernels on tensors of any device, differentiable by autograd."""

    def enter(self, psi: torch.Tensor) -> torch.Tensor:
        """Return the tensor itself."""
        return psi

    def leave(self, psi: torch.Tensor) -> torch.Tensor:
        """Return the tensor itself."""
        return psi

    def turns(self, half: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
        """Return the matrices ``(count, M, K, K)`` of half angles ``(M, count, size)``."""
        models, count, size = half.shape
        k = 1 << size
        parts = entries(half).reshape(models * count, -1).index_select(1, index)
        product = parts.view(-1, size, k * k).prod(1)
        return product.view(models, count, k, k).transpose(0, 1)

    def multiply(
        self, psi: torch.Tensor, matrices: Sequence[torch.Tensor], windows: Sequence[Window]
    ) -> torch.Tensor:
        """Multiply the qubits of each window by its real matrices ``(M, K, K)``."""
        flat = torch.view_as_real(psi).flatten(-2) if psi.is_complex() else psi
        models, states, columns = flat.shape
        for matrix, window in zip(matrices, windows, strict=True):
            k, before = 1 << window.size, states >> (window.low + window.size)
            spread = matrix.unsqueeze(1).expand(models, before, k, k).reshape(-1, k, k)
            flat = torch.bmm(spread, flat.reshape(models * before, k, -1))
            flat = flat.view(models, states, columns)
        return torch.view_as_complex(flat.view(*psi.shape, 2)) if psi.is_complex() else flat

    def correlate(
        self, left: torch.Tensor, right: torch.Tensor, windows: Sequence[Window]
    ) -> list[torch.Tensor]:
        """Return ``Re sum conj(left) right`` over all but each window: ``(M, K, K)``."""
        if left.is_complex():
            left, right = (torch.view_as_real(part).flatten(-2) for part in (left, right))
        models, states, _ = left.shape
        found = []
        for window in windows:
            k, before = 1 << window.size, states >> (window.low + window.size)
            shape = (models * before, k, -1)
            product = torch.bmm(left.reshape(shape), right.reshape(shape).mT)
            found.append(product.view(models, before, k, k).sum(1))
        return found

    def scale(self, psi: torch.Tensor, factor: torch.Tensor) -> torch.Tensor:
        """Multiply by factors ``(M, N, C)`` that broadcast."""
        return psi * factor

    def scale_own(self, psi: torch.Tensor, factor: torch.Tensor) -> torch.Tensor:
        """Do the same, never in place, because autograd may watch."""
        return psi * factor

    def gather(self, psi: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
        """Return rows in another order."""
        return psi.index_select(1, index)

    def slopes(self, lam: torch.Tensor, psi: torch.Tensor) -> torch.Tensor:
        """Return ``Im conj(lam) psi``."""
        return (lam.conj() * psi).imag

    def row_slopes(self, lam: torch.Tensor, psi: torch.Tensor) -> torch.Tensor:
        """Return ``Im conj(lam) psi`` summed over columns, ``(M, N)``."""
        return (lam.conj() * psi).imag.sum(-1)


class NumpyKernels:
    """Kernels on numpy arrays that share memory with tensors on the CPU; no gradients.

    Large arrays come from a pool that lives as long as the program: fresh memory from the system
    would cost as much as the arithmetic.
    """

    def __init__(self) -> None:
        self._pool = Pool()

    def enter(self, psi: torch.Tensor) -> Array:
        """Return the tensor's memory as an array."""
        array: Array = psi.detach().numpy()
        return array

    def leave(self, psi: Array) -> torch.Tensor:
        """Return the array's memory as a tensor."""
        return torch.from_numpy(psi)

    def turns(self, half: torch.Tensor, index: torch.Tensor) -> Array:
        """Return the matrices ``(count, M, K, K)`` of half angles ``(M, count, size)``."""
        models, count, size = half.shape
        k = 1 << size
        parts = turn_entries(half.numpy()).reshape(models * count, -1).take(index.numpy(), 1)
        product = multiply_rows(parts.reshape(-1, size, k * k))
        return product.reshape(models, count, k, k).swapaxes(0, 1)

    def multiply(self, psi: Array, matrices: Sequence[Array], windows: Sequence[Window]) -> Array:
        """Multiply the qubits of each window by its real matrices ``(M, K, K)``."""
        real = psi.view(psi.real.dtype)
        for matrix, window in zip(matrices, windows, strict=True):
            result = self._pool.take(real.shape, real.dtype)
            shape = _pieces(real.shape, window)
            there = real.reshape(shape).transpose(0, 1, 3, 2, 4)
            np.matmul(
                matrix[:, None, None], there, out=result.reshape(shape).transpose(0, 1, 3, 2, 4)
            )
            real = result
        return real.view(psi.dtype)

    def correlate(self, left: Array, right: Array, windows: Sequence[Window]) -> list[torch.Tensor]:
        """Return ``Re sum conj(left) right`` over all but each window: ``(M, K, K)``."""
        left, right = (part.view(part.real.dtype) for part in (left, right))
        found = []
        for window in windows:
            shape = _pieces(left.shape, window)
            rows = left.reshape(shape).transpose(0, 1, 3, 2, 4)
            columns = right.reshape(shape).transpose(0, 1, 3, 4, 2)
            found.append(torch.from_numpy(np.matmul(rows, columns).sum((1, 2))))
        return found

    def scale(self, psi: Array, factor: torch.Tensor) -> Array:
        """Multiply by factors ``(M, N, C)`` that broadcast; torch is faster at this."""
        array: Array = torch.mul(torch.from_numpy(psi), factor).numpy()
        return array

    def scale_own(self, psi: Array, factor: torch.Tensor) -> Array:
        """Do the same in place where the result fits."""
        state = torch.from_numpy(psi)
        wider = factor.shape[-1] > psi.shape[-1]
        if wider or (factor.is_complex() and not state.is_complex()):
            return self.scale(psi, factor)
        state.mul_(factor)
        return psi

    def gather(self, psi: Array, index: torch.Tensor) -> Array:
        """Return rows in another order."""
        result = self._pool.take(psi.shape, psi.dtype)
        psi.take(index.numpy(), 1, out=result, mode="clip")  # clip writes without a buffer
        return result

    def slopes(self, lam: Array, psi: Array) -> torch.Tensor:
        """Return ``Im conj(lam) psi``."""
        return torch.from_numpy((lam.conj() * psi).imag)

    def row_slopes(self, lam: Array, psi: Array) -> torch.Tensor:
        """Return ``Im conj(lam) psi`` summed over columns, ``(M, N)``."""
        if psi.shape != lam.shape:
            psi = np.broadcast_to(psi, lam.shape)
        return torch.from_numpy(np.vecdot(lam, psi).imag)


@functools.lru_cache(maxsize=256)
def _pieces(shape: tuple[int, int, int], window: Window) -> tuple[int, ...]:
    """Return how real states split: models, rows above, the window, pieces, their columns."""
    models, states, columns = shape
    k, before = 1 << window.size, states >> (window.low + window.size)
    wide = columns << window.low
    width = COLUMNS if wide > COLUMNS and wide % COLUMNS == 0 else wide
    return models, before, k, wide // width if width else 1, width
