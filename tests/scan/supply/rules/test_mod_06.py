"""Circuit files by what they would cost, real ones and bombs."""

import io

import pytest

qiskit = pytest.importorskip("qiskit")

HEAD = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n'
DOUBLING = "".join(
    f"gate g{k + 1} a {{ g{k} a; g{k} a; }}\n" for k in range(24)
)  # 2**24 operations


def _qasm3(body):
    return f'OPENQASM 3.0;\ninclude "stdgates.inc";\n{body}\n'.encode()


@pytest.mark.parametrize("qubits", [2, 20, 127])
def test_circuits_of_any_honest_size(rules, qubits):
    """What Qiskit writes is silent in every format, small or large."""
    from qiskit import qasm2, qasm3, qpy

    circuit = qiskit.QuantumCircuit(qubits, qubits)
    for layer in range(40):
        for qubit in range(qubits):
            circuit.rx(0.1 * layer, qubit)
        for qubit in range(qubits - 1):
            circuit.cx(qubit, qubit + 1)
    circuit.measure(range(qubits), range(qubits))
    file = io.BytesIO()
    qpy.dump(circuit, file)
    assert rules(file.getvalue(), "c.qpy") == []
    assert rules(qasm2.dumps(circuit).encode(), "c.qasm") == []
    assert rules(qasm3.dumps(circuit).encode(), "c.qasm3") == []


@pytest.mark.parametrize(
    ("content", "severity"),
    [
        (b"OPENQASM 2.0;\nqreg q[1000000000];\n", "medium"),
        (f"{HEAD}gate g0 a {{ x a; x a; }}\n{DOUBLING}qreg q[1];\ng24 q[0];\n".encode(), "medium"),
        (_qasm3("qubit q; for int i in [0:1000000000] { x q; }"), "medium"),
        (_qasm3("qubit q; pow(1000000000) @ x q;"), "medium"),
        (_qasm3(f"qubit q; rx({'(' * 500}1{')' * 500}) q;"), "medium"),
        (f"{HEAD}qreg q[1];\nrx(1e400) q[0];\n".encode(), "low"),
        (_qasm3("qubit q; bit c; while (true) { x q; }"), "low"),
        (b'OPENQASM 2.0;\ninclude "/etc/hostname";\n', "high"),
        (b'OPENQASM 2.0;\ninclude "../../secret.inc";\n', "high"),
        (b'OPENQASM 2.0;\ninclude "C:\\\\Users\\\\a.inc";\n', "high"),
        (b'// a comment\n\nOPENQASM 2.0;\ninclude "/dev/stdin";\n', "high"),
    ],
)
def test_bombs_and_includes(rules, content, severity):
    """What is out of proportion, not a number, or reads other files is reported."""
    assert rules(content, "circuit.qasm") == [("MOD-06", severity)]
    assert rules(content, "a_file_of_any_name") == [("MOD-06", severity)]


def test_includes_beside_the_file(rules):
    """An include of a file in the same folder or below it is nobody's harm."""
    content = b'OPENQASM 2.0;\ninclude "qelib1.inc";\ninclude "gates/mine.inc";\nqreg q[2];\n'
    assert rules(content, "circuit.qasm") == []
