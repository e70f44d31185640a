"""Operations that other modules dispatch to."""
from typing import Callable

import numpy as np

_REGISTRY: dict[str, Callable] = {}


def operation(name: str):
    def register(func: Callable) -> Callable:
        _REGISTRY[name] = func
        return func

    return register


@operation("purity")
def purity(probabilities: list[float]) -> float:
    p = np.asarray(probabilities, dtype=float)
    return float((p**2).sum())


@operation("entropy")
def entropy(probabilities: list[float]) -> float:
    p = np.asarray(probabilities, dtype=float)
    p = p[p > 0]
    return float(-(p * np.log2(p)).sum())


def dispatch(name: str, arguments: dict) -> float:
    """Only registered operations can be named."""
    if name not in _REGISTRY:
        raise KeyError(f"unknown operation {name!r}")
    return _REGISTRY[name](**arguments)


def attribute(result: object, field: str):
    if field not in ("mean", "std", "size"):
        raise AttributeError(field)
    return getattr(result, field)
