"""Product states on the CPU in numpy, and the hand-written way back; see `product`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from redqubit.engine.plan import Stage

Array = npt.NDArray[Any]
Pair = tuple[Array, Array]


@dataclass
class StartTape:
    """What the way back needs: the pairs before every stage, its factors, and outer products."""

    before: list[Pair] = field(default_factory=list)
    factors: list[Pair] = field(default_factory=list)
    outer: list[Pair] = field(default_factory=list)


class ArrayStart:
    """The states of a `ProductStart` and the gradients of its angles."""

    def __init__(self, stages: Sequence[Stage], n: int) -> None:
        self._stages, self._n = tuple(stages), n

    def forward(self, u: Array, phi: Array) -> tuple[Array, StartTape]:
        """Return states ``(..., 2^n, C)`` for weight angles (..., T) and samples' (..., T, B)."""
        tape = StartTape()
        v0, v1 = np.ones((self._n, 1), u.dtype), np.zeros((self._n, 1), u.dtype)
        for position, stage in enumerate(self._stages):
            angle = self._angle(stage, u, phi)
            cos, sin = np.cos(angle), np.sin(angle)
            tape.before.append((v0, v1))
            tape.factors.append((cos, sin))
            if stage.kind == "phase":
                v1 = v1 * join(cos, sin)
            elif position == 0:
                v0, v1 = cos, sin
            else:
                v0, v1 = cos * v0 - sin * v1, sin * v0 + cos * v1
        if v0.shape != v1.shape:
            v0, v1 = np.broadcast_arrays(v0, v1)
        blocks = np.empty((*v1.shape[:-1], 2, v1.shape[-1]), v1.dtype)
        blocks[..., 0, :], blocks[..., 1, :] = v0, v1
        return _multiply(blocks, tape), tape

    def _angle(self, stage: Stage, u: Array, phi: Array) -> Array:
        n = self._n
        angle: Array
        if stage.weight is None:
            assert stage.sample is not None
            angle = phi[..., stage.sample : stage.sample + n, :]
            return angle
        angle = u[..., stage.weight : stage.weight + n, None]
        if stage.sample is not None:
            angle = angle + phi[..., stage.sample : stage.sample + n, :]
        return angle

    def backward(self, lam: Array, tape: StartTape, du: Array | None, dphi: Array | None) -> None:
        """Add the gradients of the angles to ``du (..., T)`` and ``dphi (..., T, B)``."""
        blocks = _divide(lam, tape)
        l0, l1 = blocks[..., 0, :], blocks[..., 1, :]
        for position in range(len(self._stages) - 1, -1, -1):
            stage, (v0, v1) = self._stages[position], tape.before[position]
            cos, sin = tape.factors[position]
            if stage.kind == "phase":
                l1 = l1 * join(cos, -sin)
                gradient = l1.imag * v1.real
                if np.iscomplexobj(v1):
                    gradient -= l1.real * v1.imag
                if not np.iscomplexobj(v0):
                    l0, l1 = l0.real, l1.real
            elif position == 0:  # on |0>: v0 = cos, v1 = sin
                gradient = l1.real * cos - l0.real * sin
            else:
                l0, l1 = cos * l0 + sin * l1, cos * l1 - sin * l0
                gradient = real_dot(l1, v0) - real_dot(l0, v1)
            self._collect(stage, gradient, du, dphi)
            l0, l1 = sum_to(l0, v0.shape), sum_to(l1, v1.shape)

    def _collect(self, stage: Stage, gradient: Array, du: Array | None, dphi: Array | None) -> None:
        n = self._n
        if stage.weight is not None and du is not None:
            du[..., stage.weight : stage.weight + n] += gradient.sum(-1)
        if stage.sample is not None and dphi is not None:
            part = dphi[..., stage.sample : stage.sample + n, :]
            part += sum_to(gradient, part.shape)


def join(real: Array, imaginary: Array) -> Array:
    """Return ``real + i imaginary`` in the precision of both."""
    kind = np.complex64 if real.dtype == np.float32 else np.complex128
    joined: Array = np.empty(real.shape, kind)
    joined.real, joined.imag = real, imaginary
    return joined


def real_dot(left: Array, right: Array) -> Array:
    """Return Re(conj(left) right)."""
    product: Array = left.real * right.real
    if np.iscomplexobj(left) and np.iscomplexobj(right):
        product += left.imag * right.imag
    return product


def sum_to(value: Array, shape: tuple[int, ...]) -> Array:
    """Sum a gradient over the axes along which its argument was broadcast."""
    if value.shape == shape:
        return value
    while value.ndim > len(shape):
        value = value.sum(0)
    for axis, size in enumerate(shape):
        if size < value.shape[axis]:
            value = value.sum(axis, keepdims=True)
    return value


def _outer(high: Array, low: Array, tape: StartTape) -> Array:
    tape.outer.append((high, low))
    product: Array = high[..., :, None, :] * low[..., None, :, :]
    return product.reshape(*product.shape[:-3], -1, product.shape[-1])


def _multiply(blocks: Array, tape: StartTape) -> Array:
    """Multiply ``(..., n, 2, C)`` to ``(..., 2^n, C)``: first in pairs, then one by one."""
    while blocks.shape[-3] % 2 == 0:
        blocks = _outer(blocks[..., 1::2, :, :], blocks[..., 0::2, :, :], tape)
    total: Array = blocks[..., 0, :, :]
    for position in range(1, blocks.shape[-3]):
        total = _outer(blocks[..., position, :, :], total, tape)
    return total


def _divide(lam: Array, tape: StartTape) -> Array:
    """Return the adjoint of `_multiply`: the gradient ``(..., n, 2, C)`` of the blocks."""
    outer = list(tape.outer)
    parts: list[Array] = []
    rows = lam.ndim
    while outer and outer[-1][0].ndim == rows:
        high, low = outer.pop()
        part, lam = _divide_outer(lam, high, low)
        parts.append(part)
    blocks = np.stack([lam, *reversed(parts)], -3) if parts else lam[..., None, :, :]
    while outer:
        to_high, to_low = _divide_outer(blocks, *outer.pop())
        blocks = np.empty((*to_low.shape[:-3], 2 * to_low.shape[-3], *to_low.shape[-2:]), lam.dtype)
        blocks[..., 0::2, :, :], blocks[..., 1::2, :, :] = to_low, to_high
    return blocks


def _divide_outer(lam: Array, high: Array, low: Array) -> Pair:
    """Return the gradients of both factors of an outer product."""
    square = lam.reshape(*lam.shape[:-2], high.shape[-2], low.shape[-2], lam.shape[-1])
    to_high: Array = (square * low.conj()[..., None, :, :]).sum(-2)
    to_low: Array = (square * high.conj()[..., :, None, :]).sum(-3)
    return to_high, to_low
