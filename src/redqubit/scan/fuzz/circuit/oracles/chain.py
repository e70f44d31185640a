"""M07: a chain of formats and frameworks keeps the circuit."""

from __future__ import annotations

from redqubit.scan.fuzz.circuit import dense
from redqubit.scan.fuzz.circuit.bench import Bench, action, preset
from redqubit.scan.fuzz.circuit.frameworks import to_qiskit
from redqubit.scan.fuzz.circuit.oracle import Oracle
from redqubit.scan.fuzz.circuit.oracles import openqasm2, openqasm3, qpy
from redqubit.scan.fuzz.circuit.subject import Subject
from redqubit.scan.fuzz.circuit.verdict import Undecidable, Verdict, judge


def through_cirq(text: str, qubits: int) -> str:
    """Return OpenQASM 2 text after Cirq has read and written it, with all digits and qubits."""
    import cirq
    from cirq.contrib.qasm_import import circuit_from_qasm
    from cirq.contrib.qasm_import.exception import QasmException

    try:
        circuit = circuit_from_qasm(text)
    except QasmException as error:
        raise Undecidable(f"Cirq does not read it: {error}") from error
    order = [cirq.NamedQubit(f"q_{k}") for k in range(qubits)]
    return str(circuit.to_qasm(precision=17, qubit_order=order))


def relation(subject: Subject, bench: Bench) -> Verdict:
    """Send it through a simplification, OpenQASM 2, Cirq, OpenQASM 3 and QPY."""
    simplify = preset(1, subject.qubits, "full", 1)
    simple = bench.call("the simplification", simplify, to_qiskit(subject))
    text = bench.call("the OpenQASM 2 writer", openqasm2.written, simple)
    text = bench.call("Cirq", through_cirq, text, subject.qubits)
    circuit = bench.call("the OpenQASM 2 reader", openqasm2.loaded, text)
    text = bench.call("the OpenQASM 3 writer", openqasm3.written, circuit)
    circuit = bench.call("the OpenQASM 3 reader", openqasm3.loaded, text)
    newest = qpy.versions()[-1]
    circuit = bench.given(bench.call(f"QPY {newest}", qpy.round_trip, circuit, newest))
    distance = dense.distance(subject.unitary, action(circuit, subject.qubits))
    detail = "a chain of formats changes the circuit"
    return judge(distance, subject.turns, detail, compiled=True)


ORACLE = Oracle(
    "M07",
    "chain of formats",
    "Qiskit, OpenQASM 2, Cirq, OpenQASM 3 and QPY one after the other keep the circuit.",
    "Texts are written with 17 digits and all qubits; what a format cannot say is unknown.",
    relation,
    "Run the round trips one by one to see which link breaks, and avoid that link.",
    severity="medium",
    needs=("cirq", "ply", "qiskit_qasm3_import"),
)
