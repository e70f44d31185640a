"""Named random streams: the same numbers in any order and on any number of workers."""

from __future__ import annotations

import hashlib

import numpy as np


def seed_of(seed: int, *names: str | int | float) -> int:
    """Derive a 63-bit integer seed from ``seed`` and a path of names.

    Names are length-prefixed before hashing, so ``("ab", "c")`` and ``("a", "bc")`` differ.
    """
    digest = hashlib.sha256()
    for part in (seed, *names):
        text = f"{type(part).__name__}:{part!r}".encode()
        digest.update(len(text).to_bytes(4, "big") + text)
    return int.from_bytes(digest.digest()[:8], "big") >> 1


def stream(seed: int, *names: str | int | float) -> np.random.Generator:
    """Return the generator that belongs to ``seed`` and a path of names."""
    return np.random.Generator(np.random.PCG64(seed_of(seed, *names)))
