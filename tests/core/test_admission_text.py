"""What admission control counts in OpenQASM text, statement by statement."""

import pytest

from redqubit.core.admission import AdmissionError, admit, estimate

TWO = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\ncreg c[3];\n'
THREE = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[3] q;\nbit[3] c;\n'
GATES = {
    "x q[0];": 1,
    "h q;": 3,
    "cx q[0], q;": 3,
    "barrier q;": 3,
    "measure q -> c;": 3,
    "c = measure q;": 3,
    "reset q;": 3,
    "rx(pi/2) q[1];": 1,
    "rx((1+2)*3) q;": 3,
    "if (c == 1) x q[0];": 1,
    "if (c == 1) { x q[0]; } else { h q; }": 4,
    "for int i in [0:4] { x q[0]; }": 5,
    "for int i in [0:2:8] x q;": 15,
    "for uint[8] i in {1, 5, 9} { x q[i]; }": 3,
    "for int i in [1:2] for int j in [1:3] { x q[0]; h q[1]; }": 12,
    "const int n = 3; for int i in [0:n] { x q[0]; }": 5,
    "inv @ x q;": 3,
    "gate g a { x a; h a; } g q;": 6,
    "gate g a { x a; } gate f(t) a, b, { g a; g b; rx(t) a; } f(pi) q[0], q[1];": 3,
    "gate g a { for int i in [0:2] { x a; } } g q[0];": 3,
    "def f(qubit[3] r) { h r; x r[0]; } f(q);": 4,
    "let r = q[0:1]; h r;": 3,
    "x q[0:1];": 3,
    "x q[{0, 2}];": 3,
    "qubit a; h a;": 1,
    "gate f a { x a; } gate g a { } g q[0];": 1,
    "// x q;\nx q[0]; /* x q;\n x q; */": 1,
    "pragma x q; gate g a {\nx q[0];": 1,
    "@note { x q;\nx q[0];": 1,
    "delay[100ns] q;": 3,
    "box { x q; }": 3,
    "switch (c) { case 1 { x q[0]; } default { h q; } }": 4,
}


@pytest.mark.parametrize("program", GATES)
def test_gates_are_counted_after_expansion(program: str) -> None:
    """Broadcast, loops, definitions and branches count with what they expand to."""
    assert admit(THREE + program).gates == GATES[program]


@pytest.mark.parametrize(
    ("program", "least"),
    [
        ("pow(5) @ x q[0];", 5),
        ("ctrl @ x q[0], q[1];", 1),
        ("ctrl(2) @ inv @ x q[0], q[1], q[2];", 1),
        ("while (c[0]) { x q[0]; }", 10),
        ("const int k = 1; def f(int k) { for int i in [0:2] { x q[0]; } } f(9);", 3),
    ],
)
def test_what_has_no_exact_count_is_bounded(program: str, least: int) -> None:
    """Modifiers and while loops count as at least what a compiler makes of them."""
    assert estimate(THREE + program).gates >= least


@pytest.mark.parametrize(
    "trick",
    [
        "const int n = 1; for int n in [0:9] { for int j in [0:n] { x q[0]; } }",
        "const int n = 1; { int n = 1000; for int j in [0:n] { x q[0]; } }",
        "const int n = 1; const int n = 1000; for int j in [0:n] { x q[0]; }",
        "gate g a, { x a; { h a; } }\ng[{0; x q; }] q;",
        "x q[0]; @note gate g a {\nx q[0];\n@note }\n",
        "ctrl\n@note x q;\n@ x q[0], q[1];",
        "gate (g) a { x a; } g q;",
        "pow(2) x q[0];",
        "h r; qubit[1000] r;",
        "for i x q;",
        "for int i in [0:0:9] { x q[0]; }",
        "const float z = 0; rx(1/z) q[0];",
        "rx(1.5 q[0];",
        'x q[0]; include "a\nb";',
    ],
)
def test_tricks_against_the_count_are_refused(trick: str) -> None:
    """Text that two parsers may read differently is not admitted."""
    with pytest.raises(AdmissionError):
        admit(THREE + trick)


def test_openqasm_2_statements_count() -> None:
    """The older language counts alike."""
    found = admit(TWO + "gate g(t) a,b { rx(t^2) a; cx a,b; }\nif(c==1) g(0.5) q[0],q[1];\nh q;\n")
    assert found.gates == 5
    assert (found.qubits, found.bits, found.definitions) == (3, 3, 1)
    assert found.includes == ("qelib1.inc",)
    assert (found.kind, found.version) == ("qasm2", 2)


def test_large_numbers_are_seen() -> None:
    """Numbers of fifteen digits and more count toward the magnitude; fractions do not."""
    assert estimate(THREE + "rx(12345678901234567890.0) q[0];").magnitude > 1e19
    assert estimate(THREE + "rx(0.12345678901234567890) q[0];").magnitude < 1
    assert estimate(THREE + "uint[64] m = 0xFFFFFFFFFFFFFFFFFF;").magnitude > 2.0**70
    assert admit(THREE + "rx(1.5e-07) q[0];").magnitude < 1


def test_tokens_and_nesting_are_counted() -> None:
    """Words and symbols count once, comments not at all."""
    found = estimate("x q[0]; // comment\n")
    assert (found.tokens, found.nesting) == (6, 1)
    assert estimate("rx(((1))) q[0];").nesting == 3
