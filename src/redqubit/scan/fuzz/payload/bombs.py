"""Small payloads that ask for much: the templates of the bomb table, sized at random."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Mapping
from typing import Final

from redqubit.scan.fuzz.payload.targets import Kind

Template = Callable[[random.Random], str]
_TWO: Final = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg c[2];\n'
_THREE: Final = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\nbit[2] c;\n'


def _size(rng: random.Random) -> int:
    return int(10 ** rng.choice((4, 5, 6, 9, 12)))


def _register(rng: random.Random) -> str:
    return f"qreg r[{_size(rng)}];\n"


def _broadcast(rng: random.Random) -> str:
    return f"qreg r[{_size(rng)}];\nh r;\n"


def _doubling(rng: random.Random) -> str:
    levels = rng.choice((8, 12, 16, 22, 30))
    gates = ["gate b0 a { h a; h a; }"]
    gates += [f"gate b{i} a {{ b{i - 1} a; b{i - 1} a; }}" for i in range(1, levels)]
    return "\n".join(gates) + f"\nb{levels - 1} q[0];\n"


def _recursion(_: random.Random) -> str:
    return "gate b a { b a; }\nb q[0];\n"


def _tower(sign: str) -> Template:
    def tower(rng: random.Random) -> str:
        return f"rx({sign.join(['9'] * rng.randint(3, 6))}) q[0];\n"

    return tower


def _literal(rng: random.Random) -> str:
    return (
        f"rx({rng.choice(('1e400', '1e-400', '9' * 400, '1e99999999', '0.' + '1' * 999))}) q[0];\n"
    )


def _undefined(rng: random.Random) -> str:
    return f"rx({rng.choice(('1/0', 'ln(-1)', 'sqrt(-1)', 'ln(0)', '0/0', '0^-1'))}) q[0];\n"


def _parentheses(rng: random.Random) -> str:
    depth = rng.choice((100, 400, 1500, 4000))
    return f"rx({'(' * depth}1{')' * depth}) q[0];\n"


def _signs(rng: random.Random) -> str:
    return f"rx({'-' * rng.choice((100, 1000, 5000))}1) q[0];\n"


def _include(rng: random.Random) -> str:
    return f'include "{rng.choice(("/nowhere/a.inc", "../../a.inc", "a" * 3000, "."))}";\n'


def _name(rng: random.Random) -> str:
    return f"gate {'a' * rng.choice((1000, 60_000))} b {{ h b; }}\n"


def _operands(rng: random.Random) -> str:
    return f"barrier {','.join(['q[0]'] * rng.choice((1000, 5000)))};\n"


def _branches(rng: random.Random) -> str:
    return "if (c==1) " * rng.choice((2, 100, 2000)) + "x q[0];\n"


def _loop(rng: random.Random) -> str:
    return f"for int i in [0:{_size(rng)}] {{ x q[0]; }}\n"


def _endless(_: random.Random) -> str:
    return "while (true) { x q[0]; }\n"


def _modifier(rng: random.Random) -> str:
    return rng.choice(
        (
            f"pow({_size(rng)}) @ x q[0];\n",
            "inv @ " * rng.choice((10, 1000)) + "x q[0];\n",
            f"ctrl({_size(rng)}) @ x q[0], q[1];\n",
        )
    )


def _braces(rng: random.Random) -> str:
    depth = rng.choice((50, 300, 2000))
    return "if (c[0]) { " * depth + "x q[0];" + " }" * depth + "\n"


def _array(rng: random.Random) -> str:
    return f"array[int[32], {_size(rng)}, {_size(rng)}] a;\n"


def _shift(rng: random.Random) -> str:
    return f"const uint[64] n = 1 << {_size(rng)};\n"


def _alias(_: random.Random) -> str:
    lines = ["let a0 = q ++ q;", *(f"let a{i} = a{i - 1} ++ a{i - 1};" for i in range(1, 26))]
    return "\n".join(lines) + "\n"


_SHARED: Final[tuple[Template, ...]] = (
    *(_register, _broadcast, _doubling, _recursion, _literal, _undefined, _parentheses, _signs),
    *(_include, _name, _operands, _branches),
)
_TEXT: Final[Mapping[str, tuple[str, tuple[Template, ...]]]] = {
    "qasm2": (_TWO, (*_SHARED, _tower("^"))),
    "qasm3": (
        _THREE,
        (*_SHARED, _tower("**"), _loop, _endless, _modifier, _braces, _array, _shift, _alias),
    ),
}


def bomb(kind: Kind, rng: random.Random) -> bytes:
    """Return a bomb of ``kind``."""
    if kind == "qpy":
        return _qpy(rng)
    if kind == "json":
        return _json(rng)
    head, templates = _TEXT[kind]
    return (head + rng.choice(templates)(rng)).encode()


def _qpy(rng: random.Random) -> bytes:
    """Return a header that promises more programs, qubits or bytes than there are."""
    version = rng.randint(10, 18)
    programs, qubits, registers, instructions = 1, 1, 0, 0
    huge = rng.choice((10**6, 2**31, 2**32 - 1))
    match rng.randrange(4):
        case 0:
            programs = rng.choice((huge, 2**62))
        case 1:
            qubits = huge
        case 2:
            registers = huge
        case _:
            instructions = rng.choice((huge, 2**62))
    head = struct.pack("!6sBBBBQc", b"QISKIT", version, 2, 0, 0, programs, b"p") + b"q"
    table = struct.pack("!Q", 28) if version >= 16 else b""
    circuit = struct.pack("!H1cHIIQIQI", 1, b"f", 8, qubits, 0, 2, registers, instructions, 0)
    return head + table + circuit + b"a" + bytes(8) + b"{}" + bytes(40)


def _json(rng: random.Random) -> bytes:
    depth = rng.choice((100, 900, 5000, 50_000))
    return rng.choice(
        (
            "[" * depth + "]" * depth,
            '{"a":' * depth + "1" + "}" * depth,
            '{"shots": ' + "9" * depth + "}",
            '{"params": {"pubs": [["' + "x" * depth + '", null, 1e400]]}}',
            "{" + ",".join(f'"k{i}": {i}' for i in range(depth // 10)) + "}",
        )
    ).encode()
