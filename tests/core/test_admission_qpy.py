"""QPY files are judged from headers and length fields, without loading."""

import contextlib
import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit, qpy
from qiskit.circuit import Gate, Parameter, ParameterVector

from redqubit.core.admission import AdmissionError, admit, estimate


def dumped(*circuits: QuantumCircuit, version: int = 17) -> bytes:
    """Return the file of ``circuits``."""
    data = io.BytesIO()
    qpy.dump(list(circuits), data, version=version)
    return data.getvalue()


def small() -> QuantumCircuit:
    """Return a circuit with a parameter, a label, metadata and a measurement."""
    circuit = QuantumCircuit(3, 2, name="small", metadata={"a": 1})
    circuit.rx(Parameter("t"), 0)
    circuit.ry(ParameterVector("v", 3)[1], 1)
    circuit.cx(0, 1)
    circuit.measure(0, 0)
    return circuit


@pytest.mark.parametrize("version", range(13, 19))
def test_every_version_is_walked_to_its_end(version: int) -> None:
    """Counts agree for every version, also with several circuits in a file."""
    found = admit(dumped(small(), small(), version=version))
    assert (found.qubits, found.bits, found.gates, found.programs) == (6, 4, 8, 2)


def test_old_versions_and_native_expressions_are_refused() -> None:
    """The two header bytes behind known vulnerabilities are looked at first."""
    data = bytearray(dumped(small(), version=13))
    data[6] = 12
    with pytest.raises(AdmissionError, match="QPY version 12"):
        admit(bytes(data))
    data[6], data[18] = 13, ord("e")
    with pytest.raises(AdmissionError, match="symengine"):
        admit(bytes(data))
    data[6], data[18] = 99, ord("p")
    with pytest.raises(AdmissionError, match="QPY version 99"):
        admit(bytes(data))


@pytest.mark.parametrize("cut", [7, 19, 30, 80, 150])
def test_cut_files_are_refused(cut: int) -> None:
    """A length that points past the end is named."""
    with pytest.raises(AdmissionError, match="length fields"):
        admit(dumped(small())[:cut])


def test_program_count_is_compared_with_the_file() -> None:
    """A file that claims more circuits than fit is refused before anything is read."""
    data = bytearray(dumped(small()))
    data[10:18] = struct.pack("!Q", 2**62)
    with pytest.raises(AdmissionError, match="length fields"):
        admit(bytes(data))


@pytest.mark.parametrize("version", [17, 18])
def test_wide_claims_are_refused(version: int) -> None:
    """Qubits that cost no bytes are limited by number."""
    data = bytearray(dumped(QuantumCircuit(2), version=version))
    at = data.index(struct.pack("!II", 2, 0))
    data[at : at + 4] = struct.pack("!I", 4_000_000_000)
    with pytest.raises(AdmissionError, match="qubits"):
        admit(bytes(data))


def doubled(levels: int) -> QuantumCircuit:
    """Return a circuit whose gate is defined by two calls of the gate one level below."""
    gate = Gate("g0", 1, [])
    inner = QuantumCircuit(1)
    inner.h(0)
    inner.h(0)
    gate.definition = inner
    for level in range(1, levels):
        body = QuantumCircuit(1)
        body.append(gate, [0])
        body.append(gate, [0])
        gate = Gate(f"g{level}", 1, [])
        gate.definition = body
    circuit = QuantumCircuit(1)
    circuit.append(gate, [0])
    return circuit


def test_nested_definitions_are_counted() -> None:
    """Definitions within definitions multiply, and their depth is limited."""
    found = estimate(dumped(doubled(5)))
    assert found.gates == 32
    assert found.nesting == 6


def test_loops_are_counted() -> None:
    """The body of a loop counts once a round."""
    circuit = QuantumCircuit(2, 1)
    with circuit.for_loop(range(7)):
        circuit.x(0)
        circuit.x(1)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(0)
    found = admit(dumped(circuit))
    assert found.gates == 15
    assert found.rounds == 7


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_changed_files_never_raise_anything_else(data: st.DataObject) -> None:
    """Whatever bytes change, the answer is an estimate or a refusal."""
    raw = bytearray(dumped(small(), doubled(3), version=data.draw(st.sampled_from([13, 16, 18]))))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[6 + data.draw(st.integers(0, 5000)) % (len(raw) - 6)] = data.draw(st.integers(0, 255))
    with contextlib.suppress(AdmissionError):
        admit(bytes(raw))
