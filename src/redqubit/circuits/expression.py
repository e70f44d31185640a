"""Angle expressions of a circuit's parameters as JSON data, and back, within fixed bounds."""

from __future__ import annotations

import json
import math
from typing import Any

import sympy
from qiskit.circuit import ParameterExpression, ParameterVector, ParameterVectorElement

from redqubit.circuits.parameters import FEATURE, WEIGHT
from redqubit.core.errors import InputError, unknown

MAX_DEPTH = 16
MAX_NODES = 256
MAX_NUMBER = 1e6

_FUNCTIONS = {
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "exp": "exp",
    "log": "log",
    "abs": "abs",
    "sign": "sign",
}
_OPERATIONS = ("x", "w", "+", "*", "pow", *_FUNCTIONS)


def to_expression(value: ParameterExpression | float) -> Any:
    """Return an angle as JSON data: a number or nested lists (see `redqubit.circuits.gate_list`).

    Raises
    ------
    InputError
        A number that is not finite, a parameter that is neither feature nor weight, or a function
        outside the table.
    """
    if isinstance(value, ParameterVectorElement):
        if value.vector.name not in (FEATURE, WEIGHT):
            raise InputError(f"the parameter {value.name!r} is neither a feature nor a weight")
        return [value.vector.name, value.index]
    if isinstance(value, ParameterExpression):
        names = {p.name: to_expression(p) for p in value.parameters}
        if names:
            return _walk(value.sympify(), names)
    return _number(float(value), "an angle")


def _number(value: float, where: str) -> float:
    if not abs(value) <= MAX_NUMBER:
        raise InputError(
            f"{where}: numbers must be finite and at most {MAX_NUMBER:g} in size, got {value:g}"
        )
    return value


def _walk(node: Any, names: dict[str, Any]) -> Any:
    """Turn a sympy tree into lists; sums and products are sorted, so equal trees are equal data."""
    if isinstance(node, sympy.Symbol):
        return names[node.name]
    if node.is_number:
        if not node.is_real:
            raise InputError(f"an angle must be real, got the factor {node}")
        return to_expression(float(node))
    parts = [_walk(argument, names) for argument in node.args]
    if isinstance(node, sympy.Add | sympy.Mul):
        return ["+" if isinstance(node, sympy.Add) else "*", *sorted(parts, key=json.dumps)]
    if isinstance(node, sympy.Pow):
        return ["pow", *parts]
    name = type(node).__name__.lower()
    if name not in _FUNCTIONS:
        raise unknown("function in an angle expression", name, _FUNCTIONS)
    return [name, *parts]


def from_expression(
    data: Any, vectors: dict[str, ParameterVector], where: str
) -> ParameterExpression | float:
    """Build the angle that `to_expression` wrote, with the parameters of ``vectors``.

    Raises
    ------
    InputError
        Unknown operation, index out of range, too many nodes or too deep.
    """
    if _nodes(data, where) > MAX_NODES:
        raise InputError(f"{where}: an angle expression may have at most {MAX_NODES} nodes")
    try:
        angle = _build(data, vectors, where)
    except (ArithmeticError, RuntimeError, TypeError) as error:  # arithmetic of expressions
        raise InputError(f"{where}: an angle expression has no value: {error}") from None
    return angle if isinstance(angle, ParameterExpression) else _number(angle, where)


def _nodes(data: Any, where: str, depth: int = 0) -> int:
    if depth > MAX_DEPTH:
        raise InputError(f"{where}: an angle expression may be at most {MAX_DEPTH} levels deep")
    if not isinstance(data, list):
        return 1
    if len(data) > MAX_NODES:
        return len(data)
    return 1 + sum(_nodes(item, where, depth + 1) for item in data)


def _build(
    data: Any, vectors: dict[str, ParameterVector], where: str
) -> ParameterExpression | float:
    if type(data) in (int, float):
        try:
            return _number(float(data), where)
        except OverflowError:
            return _number(math.inf, where)
    if not isinstance(data, list) or not data or not isinstance(data[0], str):
        raise InputError(f"{where}: an angle must be a number or a list [operation, ...]")
    operation, arguments = data[0], data[1:]
    if operation in (FEATURE, WEIGHT):
        return _parameter(vectors[operation], arguments, where)
    if operation not in _OPERATIONS:
        raise unknown(f"operation in the angle of {where}", operation[:40], _OPERATIONS)
    values = [_build(argument, vectors, where) for argument in arguments]
    expected = 2 if operation == "pow" else 1
    if operation in ("+", "*"):
        if len(values) < 2:
            raise InputError(f"{where}: {operation!r} needs at least two arguments")
        total = values[0]
        for value in values[1:]:
            total = total + value if operation == "+" else total * value
        return total
    if len(values) != expected:
        raise InputError(f"{where}: {operation!r} takes {expected} arguments, got {len(values)}")
    return _apply(operation, values, where)


def _parameter(vector: ParameterVector, arguments: list[Any], where: str) -> ParameterExpression:
    if len(arguments) != 1 or type(arguments[0]) is not int or not 0 <= arguments[0] < len(vector):
        raise InputError(
            f"{where}: [{vector.name!r}, i] needs an index from 0 to {len(vector) - 1}"
        )
    return vector[arguments[0]]


def _apply(
    operation: str, values: list[ParameterExpression | float], where: str
) -> ParameterExpression | float:
    """Apply a power or a function, which the writer only leaves around a parameter."""
    base = values[0]
    if operation == "pow":
        if not isinstance(base, ParameterExpression) and not isinstance(
            values[1], ParameterExpression
        ):
            raise InputError(f"{where}: a power must contain a parameter")
        return base ** values[1]
    if not isinstance(base, ParameterExpression):
        raise InputError(f"{where}: the argument of {operation!r} must contain a parameter")
    function = getattr(base, _FUNCTIONS[operation])
    result: ParameterExpression = function()
    return result
