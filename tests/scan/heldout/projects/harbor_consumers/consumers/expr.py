"""Turns gate lists of the message bus into programs."""
import json
import math
from string import Template

from sympy.parsing.sympy_parser import parse_expr

PRELUDE = "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n"
ROTATION = Template("$name($angle) q[$wire];")
NAMES = frozenset({"rx", "ry", "rz"})


def angle_of(text) -> float:
    if isinstance(text, (int, float)):
        return float(text)
    return float(parse_expr(text))


def program_from(message: bytes) -> str:
    """Verbatim mode: the sender formats the angles itself."""
    order = json.loads(message)
    width = min(int(order["qubits"]), 16)
    parts = [PRELUDE, f"qreg q[{width}];"]
    for gate in order["gates"]:
        if gate["name"] not in NAMES:
            raise ValueError(gate["name"])
        parts.append(ROTATION.substitute(name=gate["name"], angle=gate["angle"], wire=gate["wire"]))
    return "\n".join(parts)


def gates_from(message: bytes) -> list[tuple[str, float, int]]:
    order = json.loads(message)
    out = []
    for gate in order["gates"]:
        value = angle_of(gate["angle"])
        if not math.isfinite(value) or abs(value) > 4 * math.pi:
            raise ValueError("angle out of range")
        out.append((str(gate["name"]), value, int(gate["wire"])))
    return out
