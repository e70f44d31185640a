"""Bombs are refused in milliseconds with the rule they break; ordinary circuits are admitted."""

import gzip
import time
import zlib

import pytest

from redqubit.core.admission import CAP, DEFAULT, AdmissionError, Limits, admit, estimate
from redqubit.core.errors import InputError

TWO = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg c[2];\n'
THREE = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\nbit[2] c;\n'


def doubling(levels: int) -> str:
    """Return a chain of gates, each of which calls the one before it twice."""
    gates = [f"gate g{i} a {{ g{i - 1} a; g{i - 1} a; }}" for i in range(1, levels)]
    return TWO + "gate g0 a { h a; h a; }\n" + "\n".join(gates) + f"\ng{levels - 1} q[0];\n"


BOMBS = {
    "register": ("OPENQASM 2.0;qreg q[1000000000];", "qubits"),
    "broadcast": ('OPENQASM 2.0;include "qelib1.inc";qreg q[200000];h q;', "qubits"),
    "doubling 16": (doubling(16), "gates_per_byte"),
    "doubling 26": (doubling(26), "gates"),
    "doubling 500": (doubling(500), "gates"),
    "power tower": (TWO + "rx(9^9^9^9^9) q[0];", "magnitude"),
    "power tower of parameters": (TWO + "gate g(a) b { rx(a^a^a) b; } g(99) q[0];", "growth"),
    "power tower in OpenQASM 3": (THREE + "rx(9**9**9**9) q[0];", "magnitude"),
    "shift": (THREE + "const uint n = 1 << 1000000000;", "magnitude"),
    "infinite literal": (TWO + "rx(1e400) q[0];", "magnitude"),
    "exponent": (TWO + "rx(1e-999999999) q[0];", "literals"),
    "division by zero": (TWO + "rx(1/0) q[0];", "literals"),
    "logarithm": (TWO + "rx(ln(-1)) q[0];", "literals"),
    "not a number": (THREE + "rx(nan) q[0];", "literals"),
    "parentheses": (THREE + f"rx({'(' * 3000}1{')' * 3000}) q[0];", "nesting"),
    "signs": (THREE + f"rx({'-' * 3000}1) q[0];", "nesting"),
    "deep definitions": (
        THREE
        + "gate g0 a { x a; }"
        + "".join(f"gate g{i} a {{ g{i - 1} a; }}" for i in range(1, 400)),
        "depth",
    ),
    "long loop": (THREE + "for int i in [0:1000000000] { x q[0]; }", "gates"),
    "empty loop": (THREE + "for int i in [0:999999] { }", "rounds"),
    "nested loops": (
        THREE + "for int i in [0:999] { for int j in [0:999] for int k in [0:9] x q[0]; }",
        "gates",
    ),
    "endless loop": (THREE + "while (true) { x q[0]; }", "loops"),
    "power modifier": (THREE + "pow(1e9) @ x q[0];", "gates"),
    "hidden power": (THREE + "pow((((((1e9)))))) @ x q[0];", "gates"),
    "many controls": (THREE + "ctrl(1000000000) @ x q[0],q[1];", "gates"),
    "absolute include": ('OPENQASM 2.0;include "/etc/hostname";', "includes"),
    "climbing include": ("OPENQASM 2.0;include '../a.inc';", "includes"),
    "include without a name": ("OPENQASM 2.0;include x;", "include"),
    "Greek letter": (TWO + "rx(π) q[0];", "characters"),
    "look-alike": (THREE + "\u0445 q[0];", "characters"),
    "zero byte": (TWO + "x q[0];\0", "characters"),
    "lone carriage return": (TWO + "// a\rx q[0];", "characters"),
    "recursion": (TWO + "gate g a { g a; } g q[0];", "order"),
    "mutual recursion": (TWO + "gate f a { g a; } gate g a { f a; } g q[0];", "order"),
    "alias doubling": (
        THREE
        + "".join(
            f"let a{i} = {'q' if not i else f'a{i - 1}'} ++ {'q' if not i else f'a{i - 1}'};"
            for i in range(40)
        )
        + "h a39;",
        "gates",
    ),
    "unclosed comment": (TWO + "/* x q[0];", "comments"),
    "brackets": (TWO + "gate g a { h a; ", "brackets"),
    "array": (THREE + "array[int[32], 100000, 100000] a;", "bits"),
    "size by subtraction": (THREE + "qubit[5000-1] r;", "qubits"),
    "size unknown": (THREE + "input int n; qubit[n] r;", "sizes"),
    "old version expected": (b"QISKIT\x0c" + bytes(12), "qpy_versions"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused(name: str) -> None:
    """Each bomb breaks the rule it is made for."""
    data, rule = BOMBS[name]
    if isinstance(data, bytes):
        data = data[:18] + b"p"
    with pytest.raises(AdmissionError) as refused:
        admit(data)
    assert refused.value.rule == rule
    assert rule in str(refused.value)
    assert refused.value.came
    assert refused.value.limit


def test_bombs_are_refused_quickly() -> None:
    """No bomb of a few kilobytes takes ten milliseconds."""
    for name, (data, _) in BOMBS.items():
        best = 1.0
        for _ in range(5):
            begun = time.process_time()
            with pytest.raises(AdmissionError):
                admit(data)
            best = min(best, time.process_time() - begun)
        assert best < 0.01, name


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "/*",
        "'",
        '"',
        "@a",
        "\n@x",
        "{",
        "{}",
        "a ",
        "1e",
        "1",
        "if(1) ",
        "for ",
        "x q[0],",
        "ctrl @ ",
        "pow(2) @ ",
        " ",
        "^a",
        "in{",
        "={",
        "gate ",
        'include"',
        "const int a=",
        "x;",
    ],
)
def test_time_is_linear_in_bytes(piece: str) -> None:
    """Sixteen times the text takes at most about sixteen times as long, whatever it holds."""
    seconds = []
    for size in (8_000, 128_000):
        text = "OPENQASM 3.0;" + piece * (size // len(piece))
        best = 9.0
        for _ in range(3):
            begun = time.process_time()
            estimate(text)
            best = min(best, time.process_time() - begun)
        seconds.append(best)
    assert seconds[1] < 48 * max(seconds[0], 0.0003)


def test_nothing_in_the_data_raises_while_estimating() -> None:
    """`estimate` reports what is wrong as faults."""
    for data in (
        b"\xff\xfe\x00",
        b"\x1f\x8b broken",
        "}{",
        "{{{",
        ";;;",
        "",
        b"QISKIT",
        b"QISKIT\x0d",
        "opaque(a b;",
    ):
        found = estimate(data)
        assert found.gates >= 0
    assert estimate(b"\xff\xfe").faults[0].rule == "encoding"


def test_packed_files_are_unpacked_within_the_limit() -> None:
    """Compressed text is judged by what it holds, and a decompression bomb is cut off."""
    text = (TWO + "h q;").encode()
    for packed in (gzip.compress(text), zlib.compress(text)):
        found = admit(packed)
        assert (found.qubits, found.gates) == (2, 2)
        assert found.unpacked == len(text)
    with pytest.raises(AdmissionError, match="after decompression"):
        admit(zlib.compress(bytes(40_000_000)))
    with pytest.raises(AdmissionError, match="cut or followed"):
        admit(zlib.compress(text) + b"more")


def test_limits_are_arguments() -> None:
    """A stricter limit refuses what the default admits, and the error names both numbers."""
    assert admit(TWO + "h q;").gates == 2
    with pytest.raises(AdmissionError, match=r"refused by 'qubits': it has 2; allowed: 1"):
        admit(TWO + "h q;", Limits(qubits=1))
    with pytest.raises(AdmissionError, match="bytes"):
        admit(TWO, Limits(bytes=10))
    with pytest.raises(AdmissionError, match="tokens"):
        admit(TWO, Limits(tokens=5))
    with pytest.raises(InputError, match="1e15"):
        Limits(magnitude=10.0)
    assert Limits() == DEFAULT


def test_kind_is_checked() -> None:
    """An unknown kind names the near miss; a version other than the expected is refused."""
    with pytest.raises(InputError, match="did you mean 'qasm3'"):
        estimate(TWO, "qasm33")  # type: ignore[arg-type]
    with pytest.raises(AdmissionError, match="OpenQASM 2 where qasm3"):
        admit(TWO, kind="qasm3")
    assert admit(TWO, kind="qasm2").kind == "qasm2"
    with pytest.raises(AdmissionError, match="does not begin as QPY"):
        admit(b"OPENQASM 2.0;", kind="qpy")


def test_counts_saturate() -> None:
    """A chain of a thousand doublings is counted without a big integer."""
    assert estimate(doubling(1000)).gates == CAP


def test_parameters_may_have_greek_names() -> None:
    """Libraries call parameters theta by its letter; OpenQASM 3 allows it."""
    assert estimate("OPENQASM 3.0; input float[64] _θ_0_; qubit q; U(_θ_0_, 0, 0) q;").gates == 1
    admit("OPENQASM 3.0; input float[64] _θ_0_; qubit q; U(_θ_0_, 0, 0) q;")
