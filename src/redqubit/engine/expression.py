"""Gate angles as functions of features and weights: affine where possible, else an expression."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from qiskit.circuit import Parameter, ParameterExpression

from redqubit.core.errors import InputError

Terms = tuple[tuple[int, float], ...]
Tree = tuple[Any, ...]

_UNARY: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "sin": torch.sin,
    "cos": torch.cos,
    "tan": torch.tan,
    "asin": torch.asin,
    "acos": torch.acos,
    "atan": torch.atan,
    "exp": torch.exp,
    "log": torch.log,
    "Abs": torch.abs,
    "sign": torch.sign,
}


@dataclass(frozen=True)
class Expression:
    """A real function of features and weights as a tree that torch evaluates and differentiates.

    Nodes are ``("feature", i)``, ``("weight", i)``, ``("number", value)``, ``("add", *nodes)``,
    ``("mul", *nodes)``, ``("pow", base, exponent)`` and ``(function, node)``.
    """

    tree: Tree

    def __call__(self, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        """Evaluate on ``x (..., F)`` and ``w (..., W)``; leading shapes broadcast."""
        return _evaluate(self.tree, x, w)

    def indices(self, kind: str) -> tuple[int, ...]:
        """Return the sorted indices of ``kind`` (``feature`` or ``weight``) that occur."""
        return tuple(sorted(_leaves(self.tree, kind)))


@dataclass(frozen=True)
class Angle:
    """A gate angle in radians: an affine function of features and weights, or an `Expression`.

    ``features`` and ``weights`` are ``(index, coefficient)`` pairs of the affine form
    ``constant + sum coefficient * x[index] + sum coefficient * w[index]``. Where ``expression`` is
    given, the angle is that expression alone and the affine fields are empty.
    """

    constant: float = 0.0
    features: Terms = ()
    weights: Terms = ()
    expression: Expression | None = None

    @property
    def feature_indices(self) -> tuple[int, ...]:
        """Return the indices of the features the angle depends on."""
        if self.expression is not None:
            return self.expression.indices("feature")
        return tuple(index for index, _ in self.features)

    @property
    def weight_indices(self) -> tuple[int, ...]:
        """Return the indices of the weights the angle depends on."""
        if self.expression is not None:
            return self.expression.indices("weight")
        return tuple(index for index, _ in self.weights)

    @property
    def is_constant(self) -> bool:
        """Return whether the angle is a number."""
        return self.expression is None and not self.features and not self.weights

    def scaled(self, factor: float) -> Angle:
        """Return ``factor`` times this angle."""
        if self.expression is not None:
            tree = ("mul", ("number", factor), self.expression.tree)
            return Angle(expression=Expression(tree))
        return Angle(
            self.constant * factor,
            tuple((index, slope * factor) for index, slope in self.features),
            tuple((index, slope * factor) for index, slope in self.weights),
        )

    def plus(self, other: Angle | float) -> Angle:
        """Return the sum with another angle or a number."""
        if not isinstance(other, Angle):
            other = Angle(other)
        if self.expression is not None or other.expression is not None:
            return Angle(expression=Expression(("add", self._tree(), other._tree())))
        return Angle(
            self.constant + other.constant,
            _merged(self.features, other.features),
            _merged(self.weights, other.weights),
        )

    def _tree(self) -> Tree:
        if self.expression is not None:
            return self.expression.tree
        parts: list[Tree] = [("number", self.constant)]
        for kind, terms in (("feature", self.features), ("weight", self.weights)):
            parts += [("mul", ("number", slope), (kind, index)) for index, slope in terms]
        return ("add", *parts)

    def value(self, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        """Evaluate on ``x (..., F)`` and ``w (..., W)``; the shape is that of what is used."""
        if self.expression is not None:
            return self.expression(x, w)
        total: torch.Tensor | None = None
        for source, terms in ((x, self.features), (w, self.weights)):
            for index, coefficient in terms:
                part = source[..., index] * coefficient
                total = part if total is None else total + part
        if total is None:
            return torch.full((), self.constant, dtype=w.dtype, device=w.device)
        return total + self.constant if self.constant else total


class Binder:
    """Turn Qiskit parameter expressions into angles over given features and weights.

    Parameters
    ----------
    features, weights
        Mappings from parameter to its position in ``x`` and ``w``.
    """

    def __init__(self, features: Mapping[Parameter, int], weights: Mapping[Parameter, int]) -> None:
        self._features = features
        self._weights = weights
        self._symbols: dict[str, Tree] = {
            **{parameter.name: ("feature", i) for parameter, i in features.items()},
            **{parameter.name: ("weight", i) for parameter, i in weights.items()},
        }

    def angle(self, value: Any, where: str) -> Angle:
        """Return the angle that ``value`` (a number or a parameter expression) stands for.

        Raises
        ------
        InputError
            Complex or non-finite number, unknown parameter, or a function torch cannot evaluate.
        """
        if not isinstance(value, ParameterExpression):
            return Angle(_real(value, where))
        unbound = [
            parameter.name
            for parameter in value.parameters
            if parameter not in self._features and parameter not in self._weights
        ]
        if unbound:
            raise InputError(
                f"{where} uses {sorted(unbound)}, which are neither features nor weights; "
                "bind them with assign_parameters or pass them as features or weights"
            )
        if not value.parameters:
            return Angle(_real(value.numeric(), where))
        slopes = _slopes(value)
        if slopes is not None and not any(isinstance(slope, complex) for slope in slopes.values()):
            constant = value.bind(dict.fromkeys(value.parameters, 0.0)).numeric()
            return Angle(
                _real(constant, where),
                _terms(slopes, self._features),
                _terms(slopes, self._weights),
            )
        return Angle(expression=Expression(self._tree(value.sympify(), where)))

    def feature(self, value: Any, where: str) -> int:
        """Return the index of the feature that ``value`` is, which must be a bare parameter."""
        if isinstance(value, ParameterExpression) and len(value.parameters) == 1:
            (parameter,) = value.parameters
            if value == parameter and parameter in self._features:
                return self._features[parameter]
        raise InputError(f"{where} takes bare features as amplitudes, got {value}")

    def _tree(self, node: Any, where: str) -> Tree:
        name = type(node).__name__
        if node.is_Symbol:
            return self._symbols[node.name]
        if node.is_number:
            return ("number", _real(complex(node), where))
        if name in ("Add", "Mul", "Pow"):
            return (name.lower(), *(self._tree(part, where) for part in node.args))
        if name == "conjugate":  # parameters are real
            return self._tree(node.args[0], where)
        if name in _UNARY:
            return (name, self._tree(node.args[0], where))
        raise InputError(
            f"{where} uses the function {name!r}, which cannot be differentiated here; allowed: "
            f"{', '.join(sorted(_UNARY))}, sums, products and powers"
        )


def _real(value: Any, where: str) -> float:
    number = complex(value)
    if abs(number.imag) > 1e-12 * max(1.0, abs(number.real)) or not math.isfinite(number.real):
        raise InputError(f"{where} needs finite real angles, got {value}")
    return float(number.real)


def _slopes(value: ParameterExpression) -> dict[Parameter, Any] | None:
    """Return the constant partial derivatives of an affine expression, else None."""
    slopes = {}
    for parameter in value.parameters:
        try:
            slope = value.gradient(parameter)
        except (RuntimeError, TypeError, ValueError):  # sign and the like have none
            return None
        if isinstance(slope, ParameterExpression):
            if slope.parameters:
                return None
            slope = slope.numeric()
        slopes[parameter] = slope
    return slopes


def _terms(slopes: Mapping[Parameter, float], positions: Mapping[Parameter, int]) -> Terms:
    found = [(positions[p], float(slope)) for p, slope in slopes.items() if p in positions]
    return tuple(sorted((index, slope) for index, slope in found if slope != 0.0))


def _merged(left: Terms, right: Terms) -> Terms:
    total = dict(left)
    for index, slope in right:
        total[index] = total.get(index, 0.0) + slope
    return tuple(sorted((index, slope) for index, slope in total.items() if slope != 0.0))


def _leaves(tree: Tree, kind: str) -> set[int]:
    if tree[0] in ("feature", "weight"):
        return {tree[1]} if tree[0] == kind else set()
    if tree[0] == "number":
        return set()
    return set().union(*(_leaves(part, kind) for part in tree[1:]))


def _evaluate(tree: Tree, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    def leaf(kind: str, value: Any) -> torch.Tensor:
        if kind == "number":
            return torch.full((), value, dtype=w.dtype, device=w.device)
        return (x if kind == "feature" else w)[..., value]

    return _combine(tree, leaf)


def _combine(tree: Tree, leaf: Callable[[str, Any], torch.Tensor]) -> torch.Tensor:
    """Evaluate a tree on what ``leaf`` gives for its leaves, visited from left to right."""
    head, *parts = tree
    if head in ("feature", "weight", "number"):
        return leaf(head, parts[0])
    if head == "pow" and parts[1][0] == "number":  # keeps the gradient finite at base 0
        return torch.pow(_combine(parts[0], leaf), parts[1][1])
    values = [_combine(part, leaf) for part in parts]
    if head in ("add", "mul"):
        return functools.reduce(torch.add if head == "add" else torch.mul, values)
    if head == "pow":
        return torch.pow(values[0], values[1])
    return _UNARY[head](values[0])


class Bundle:
    """Expressions of the same structure, evaluated at once; build them with `bundles`.

    ``rows`` are their places in the list they came from.
    """

    def __init__(self, rows: Sequence[int], trees: Sequence[Tree]) -> None:
        self.rows = tuple(rows)
        self._tree = trees[0]
        columns = zip(*(_leaf_values(tree) for tree in trees), strict=True)
        self._leaves = [torch.tensor(np.array(column)) for column in columns]  # float64, int64

    def to(self, dtype: torch.dtype, device: torch.device) -> Bundle:
        """Move the constants; numbers become ``dtype``."""
        self._leaves = [
            leaf.to(device, dtype if leaf.is_floating_point() else leaf.dtype)
            for leaf in self._leaves
        ]
        return self

    def __call__(self, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        """Return ``(..., len(rows))`` for ``x (..., F)`` and ``w (..., W)``."""
        waiting = iter(self._leaves)

        def leaf(kind: str, _: Any) -> torch.Tensor:
            values = next(waiting)
            if kind == "number":
                return values
            return (x if kind == "feature" else w).index_select(-1, values)

        return _combine(self._tree, leaf)


def bundles(expressions: Mapping[int, Expression]) -> list[Bundle]:
    """Group expressions, given by row, into bundles of equal structure."""
    groups: dict[Tree, dict[int, Tree]] = {}
    for row, expression in expressions.items():
        groups.setdefault(_structure(expression.tree), {})[row] = expression.tree
    return [Bundle(list(group), list(group.values())) for group in groups.values()]


def _structure(tree: Tree) -> Tree:
    """Return the tree without the indices and numbers of its leaves, constant powers apart."""
    head, *parts = tree
    if head in ("feature", "weight", "number"):
        return (head,)
    if head == "pow" and parts[1][0] == "number":
        return (head, _structure(parts[0]), parts[1])
    return (head, *(_structure(part) for part in parts))


def _leaf_values(tree: Tree) -> list[int | float]:
    """Return the indices and numbers of the leaves in the order `_combine` visits them."""
    head, *parts = tree
    if head in ("feature", "weight", "number"):
        return [parts[0]]
    if head == "pow" and parts[1][0] == "number":
        parts = parts[:1]
    return [value for part in parts for value in _leaf_values(part)]
