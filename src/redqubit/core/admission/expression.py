"""How large an arithmetic expression can become, folded with two stacks in linear time."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

PARAMETER_BITS: Final = 64.0  # a value that arrives later is at most as large as a literal may be
_TOKEN: Final = re.compile(
    r"(?P<number>0[xX][\da-fA-F_]++|0[bB][01_]++|0[oO][0-7_]++"
    r"|(?:\d[\d_]*+\.?[\d_]*+|\.\d[\d_]*+)(?:[eE][+-]?\d++)?+)"
    r"|(?P<name>[^\W\d]\w*+)|(?P<operator>\*\*|<<|[-+*/%^()])|(?P<other>\S)"
)
_CONSTANTS: Final = {
    **{"pi": math.pi, "π": math.pi, "tau": math.tau, "τ": math.tau},
    **{"euler": math.e, "ℇ": math.e, "true": 1.0, "false": 0.0},
}
_RANK: Final = {"<<": 0, "+": 1, "-": 1, "*": 2, "/": 2, "%": 2, "negate": 3, "**": 4}


def _overflowing(function: Callable[[float], float]) -> Callable[[float], float]:
    def safe(x: float) -> float:
        try:
            return function(x)
        except OverflowError:
            return math.inf

    return safe


_FUNCTIONS: Final[dict[str, Callable[[float], float]]] = {
    **{"sin": math.sin, "cos": math.cos, "tan": math.tan, "sqrt": math.sqrt, "exp": math.exp},
    **{"ln": math.log, "log": math.log, "floor": math.floor, "ceiling": math.ceil},
    **{"asin": math.asin, "acos": math.acos, "atan": math.atan},
    **{"arcsin": math.asin, "arccos": math.acos, "arctan": math.atan},
}


@dataclass(frozen=True)
class Size:
    """A value where it is ``constant``, and the binary logarithm of the largest it can be."""

    constant: float | None
    bits: float


@dataclass
class Folded:
    """Result of `fold`: the last value, the largest seen, and why it has none."""

    value: float | None = None
    magnitude: float = 0.0
    growth: float = 0.0
    undefined: str = ""

    def constant(self, value: float) -> Size:
        """Record a constant."""
        if math.isnan(value):
            self.undefined = self.undefined or "not a number"
            value = 0.0
        self.magnitude = max(self.magnitude, abs(value))
        return Size(value, math.log2(abs(value)) if value and abs(value) < math.inf else 0.0)

    def unknown(self, bits: float) -> Size:
        """Record a value that is known only later."""
        self.growth = max(self.growth, bits)
        return Size(None, bits)


def number(text: str) -> float:
    """Return the value of a literal; too large to represent is infinite."""
    plain = text.replace("_", "")
    try:
        if plain[:2].lower() in ("0x", "0b", "0o"):
            return float(int(plain, 0)) if len(plain) < 300 else math.inf
        return float(plain)
    except (OverflowError, ValueError):
        return math.inf


def fold(text: str, constants: Mapping[str, float], power: bool) -> Folded:
    """Fold every arithmetic expression in ``text``.

    Parameters
    ----------
    constants
        Names with a known value.
    power
        Whether ``^`` is a power, as in OpenQASM 2, rather than an exclusive or.
    """
    result = Folded()
    values: list[Size] = []
    operators: list[str] = []
    operand = False  # whether the last token ended an operand
    for match in _TOKEN.finditer(text):
        token = match[0]
        if match["number"]:
            values.append(result.constant(number(token)))
            operand = True
        elif match["name"]:
            _name(token, constants, result, values, operators)
            operand = token not in _FUNCTIONS and token not in ("pow", "mod")
        elif token == "(":
            operators.append(token)
            operand = False
        elif token == ")":
            operand = _close(result, values, operators)
        elif token == "^" and not power:
            _flush(result, values, operators)
            operand = False
        elif match["operator"]:
            symbol = "**" if token == "^" else token
            if not operand:
                if symbol == "-":
                    operators.append("negate")
                continue
            _shift(symbol, result, values, operators)
            operand = False
        else:
            _flush(result, values, operators)
            if token == ",":
                operators.append(",")
            operand = token == "]"
    _flush(result, values, operators)
    if len(values) == 1 and not result.undefined:
        result.value = values[0].constant
    return result


def _name(
    token: str,
    constants: Mapping[str, float],
    result: Folded,
    values: list[Size],
    operators: list[str],
) -> None:
    if token in _FUNCTIONS or token in ("pow", "mod"):
        operators.append(token)
    elif token in constants or token in _CONSTANTS:
        values.append(result.constant(constants.get(token, _CONSTANTS.get(token, 0.0))))
    else:
        values.append(result.unknown(PARAMETER_BITS))


def _shift(symbol: str, result: Folded, values: list[Size], operators: list[str]) -> None:
    rank = _RANK[symbol]
    while operators and operators[-1] in _RANK:
        above = _RANK[operators[-1]]
        if above < rank or (above == rank and symbol == "**"):
            break
        _apply(operators.pop(), result, values)
    operators.append(symbol)


def _flush(result: Folded, values: list[Size], operators: list[str]) -> None:
    while operators and operators[-1] in _RANK:
        _apply(operators.pop(), result, values)


def _close(result: Folded, values: list[Size], operators: list[str]) -> bool:
    """Close a parenthesis: apply what it holds, then the function in front of it."""
    _flush(result, values, operators)
    arguments = 1
    while operators and operators[-1] == ",":
        operators.pop()
        _flush(result, values, operators)
        arguments += 1
    if operators and operators[-1] == "(":
        operators.pop()
    if not operators or not (operators[-1] in _FUNCTIONS or operators[-1] in ("pow", "mod")):
        return True
    function = operators.pop()
    if arguments == 2 and len(values) >= 2 and function in ("pow", "mod"):
        _apply("**" if function == "pow" else "%", result, values)
    elif values and function in _FUNCTIONS:
        values.append(_call(function, values.pop(), result))
    return True


def _call(function: str, argument: Size, result: Folded) -> Size:
    if argument.constant is None:
        return result.unknown(max(argument.bits, PARAMETER_BITS))
    try:
        return result.constant(_overflowing(_FUNCTIONS[function])(argument.constant))
    except (ValueError, ArithmeticError):
        result.undefined = f"{function} of {argument.constant:g}"
        return result.constant(0.0)


def _apply(operator: str, result: Folded, values: list[Size]) -> None:
    """Replace the top operands by the result of ``operator``; malformed text changes nothing."""
    if operator == "negate":
        if values and values[-1].constant is not None:
            values[-1] = result.constant(-values[-1].constant)
        return
    if len(values) < 2:
        return
    right, left = values.pop(), values.pop()
    if left.constant is not None and right.constant is not None:
        values.append(_constant(operator, left.constant, right.constant, result))
        return
    if operator == "**":
        bits = max(left.bits, 0.0) * _largest(right)
    elif operator == "<<":
        bits = max(left.bits, 0.0) + _largest(right)
    elif operator == "*":
        bits = max(left.bits, 0.0) + max(right.bits, 0.0)
    elif operator == "/":
        bits = max(left.bits, 0.0) + PARAMETER_BITS
    else:
        bits = max(left.bits, right.bits) + 1.0
    if operator in "/%" and right.constant == 0:
        result.undefined = "division by zero"
    values.append(result.unknown(min(max(bits, 0.0), 1e18)))


def _largest(size: Size) -> float:
    return float(2.0 ** min(size.bits, 60.0)) if size.constant is None else abs(size.constant)


def _constant(operator: str, left: float, right: float, result: Folded) -> Size:
    try:
        if operator == "**":
            if left < 0 and right != math.floor(right):
                result.undefined = "root of a negative number"
                return result.constant(0.0)
            value = left**right
        elif operator == "<<":
            value = left * 2.0**right
        elif operator == "*":
            value = left * right
        elif operator in "/%":
            value = left / right if operator == "/" else math.fmod(left, right)
        else:
            value = left + right if operator == "+" else left - right
    except OverflowError:
        value = math.inf
    except (ZeroDivisionError, ValueError):
        result.undefined = "division by zero" if right == 0 or left == 0 else "not a number"
        return result.constant(0.0)
    return result.constant(value)
