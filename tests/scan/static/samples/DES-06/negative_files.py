import tempfile
from pathlib import Path

from qiskit import QuantumCircuit, qasm2

BELL = "OPENQASM 2.0;\nqreg q[2];\n"


def strict(path):
    return qasm2.load(path, include_path=())  # ok


def shipped():
    return qasm2.load(Path(__file__).parent / "bell.qasm")  # ok


def own(circuit):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "circuit.qasm"
        path.write_text(qasm2.dumps(circuit))
        return qasm2.load(path)  # ok


def constant():
    return QuantumCircuit.from_qasm_str(BELL)  # ok


def folder(place="circuits"):
    return [QuantumCircuit.from_qasm_file(path) for path in Path(place).glob("*.qasm")]  # ok
