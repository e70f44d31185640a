"""QPY files by their headers: real ones, and ones made like those of vulnerable releases."""

import gzip
import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redqubit.scan.supply.data import Context, Data
from redqubit.scan.supply.rules import mod_02


def _qpy(version, encoding=b"p", count=1, qubits=2, name=4, metadata=2, instructions=0, extra=b""):
    """Build a file of one circuit without instructions, as far as the header tells."""
    head = struct.pack("!6sBBBBQ", b"QISKIT", version, 1, 2, 0, count)
    head += encoding if version >= 10 else b""
    head += b"q" if version >= 5 else b""
    if version >= 16:
        head += struct.pack("!Q", len(head) + 8)
    if version == 1:
        circuit = struct.pack("!HdIIQIQ", name, 0.0, qubits, 0, metadata, 0, instructions)
    else:
        fields = (name, b"f", 0, qubits, 0, metadata, 0, instructions)
        circuit = struct.pack("!H1cHIIQIQ", *fields)
        circuit += struct.pack("!I", 0) if version >= 12 else b""
    return head + circuit + b"name{}" + extra


def _check(content):
    context = Context("c.qpy", lambda *_: iter(()))
    return [hit.severity for hit in mod_02.check(Data.of(content), context)]


@pytest.mark.parametrize("version", range(1, 13))
def test_old_versions(version):
    """Versions up to 12 are high, since released readers run text in them."""
    assert _check(_qpy(version)) == ["high"]


@pytest.mark.parametrize("version", [10, 11, 12])
def test_symengine(version):
    """Versions 10 to 12 with the native encoding are told that as well."""
    assert _check(_qpy(version, b"e")) == ["high", "high"]


@pytest.mark.parametrize("version", range(13, 19))
def test_real_files(rules, version):
    """What the installed Qiskit writes is silent, one circuit or many."""
    qiskit = pytest.importorskip("qiskit")
    from qiskit import qpy

    circuit = qiskit.QuantumCircuit(3, 3, metadata={"a": 1})
    circuit.h(0)
    circuit.rx(qiskit.circuit.Parameter("t"), 1)
    circuit.measure_all()
    for value in (circuit, [circuit] * 30):
        file = io.BytesIO()
        qpy.dump(value, file, version=version)
        assert rules(file.getvalue()) == []
        assert rules(gzip.compress(file.getvalue())) == []


@pytest.mark.parametrize(
    ("content", "severity"),
    [
        (_qpy(13, count=2**60), "high"),
        (_qpy(13, metadata=2**40), "high"),
        (_qpy(13, name=60_000), "high"),
        (_qpy(13, instructions=2**50), "high"),
        (_qpy(16, count=3), "high"),
        (_qpy(12, qubits=2**31), "medium"),
        (_qpy(12, metadata=2**40), "high"),
        (_qpy(12, instructions=2**50), "high"),
        (_qpy(12, count=2**60), "high"),
        (_qpy(13, b"x"), "medium"),
        (_qpy(99), "low"),
        (_qpy(13)[:12], "high"),
        (b"QISKIT", "high"),
    ],
)
def test_lengths(content, severity):
    """Counts, lengths and offsets beyond the file, and unknown codes, are reported."""
    assert severity in _check(content)


@pytest.mark.parametrize("version", range(13, 19))
def test_lengths_deep_inside(rules, version):
    """A length far inside a file, one that a header does not show, is compared as well."""
    qiskit = pytest.importorskip("qiskit")
    from qiskit import qpy

    from redqubit.core.admission.qpy import fields

    inner = qiskit.QuantumCircuit(1, name="inner")
    inner.rx(0.5, 0)
    circuit = qiskit.QuantumCircuit(2)
    circuit.append(inner.to_gate(), [1])
    file = io.BytesIO()
    qpy.dump(circuit, file, version=version)
    content = file.getvalue()
    assert rules(content) == []
    place, form, _ = [entry for entry in fields(content) if entry[2] == "an instruction"][-1]
    changed = bytearray(content)
    label = place + struct.calcsize("!H")
    changed[label : label + 2] = b"\xff\xff"
    assert form.startswith("!HHH")
    assert ("MOD-02", "high") in rules(bytes(changed))


def test_found_compressed(rules):
    """An old file is found inside gzip, whatever it is called."""
    assert rules(gzip.compress(_qpy(12, b"e")), "job.bin") == [("MOD-02", "high")] * 2


@given(st.binary(max_size=120))
def test_any_bytes(content):
    """Any bytes after the mark are judged without an error."""
    _check(b"QISKIT" + content)


@given(st.integers(13, 18), st.data())
def test_any_change(version, data):
    """A file with any byte changed is judged without an error."""
    content = bytearray(_qpy(version, extra=b"\0" * 20))
    place = data.draw(st.integers(6, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255))
    _check(bytes(content))
