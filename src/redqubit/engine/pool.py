"""Memory for states, used again from call to call."""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np
import numpy.typing as npt

SMALLEST = 2**17  # below, the allocator is fast enough
MOST_SIZES = 4
ONLY_THE_POOL = 3  # references to a buffer nobody uses: the list, the loop, getrefcount's own


class Pool:
    """Buffers that are free again when the last array or tensor on them is gone.

    Whoever holds an array, a view of it or a tensor from it keeps its buffer; the pool asks the
    interpreter how many references there are, so nothing has to be given back.
    """

    def __init__(self) -> None:
        self._buffers: dict[int, list[npt.NDArray[np.uint8]]] = {}

    def take(self, shape: tuple[int, ...], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
        """Return an array with undefined contents."""
        kind = np.dtype(dtype)
        size = math.prod(shape) * kind.itemsize
        if size < SMALLEST:
            return np.empty(shape, kind)
        buffers = self._buffers.pop(size, [])
        self._buffers[size] = buffers  # the most recent size is last
        if len(self._buffers) > MOST_SIZES:
            del self._buffers[next(iter(self._buffers))]
        for buffer in buffers:
            if sys.getrefcount(buffer) == ONLY_THE_POOL:
                return buffer.view(kind).reshape(shape)
        buffer = np.empty(size, np.uint8)
        buffers.append(buffer)
        return buffer.view(kind).reshape(shape)
