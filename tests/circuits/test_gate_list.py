"""Circuits as data: round trip, fingerprints and refusal of everything else."""

from __future__ import annotations

import copy
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.circuit import ParameterVector, QuantumCircuit
from qiskit.circuit.library import UnitaryGate, XGate
from qiskit.circuit.library.standard_gates import get_standard_gate_name_mapping
from qiskit.quantum_info import Operator

from redqubit import circuits
from redqubit.core.errors import InputError

SAMPLES = {
    "amplitude": lambda: circuits.amplitude(2),
    "angle": lambda: circuits.angle(3, "z", scale=0.5),
    "basis": lambda: circuits.basis(2),
    "zz_feature_map": lambda: circuits.zz_feature_map(3),
    "joined": lambda: circuits.join(circuits.reupload(3, 2), circuits.tensor_tree(3)),
}


def bound(circuit):
    rng = np.random.default_rng(5)
    x = rng.normal(size=len(circuits.features(circuit)))
    return Operator(circuits.bind(circuit, x, rng.normal(size=len(circuits.weights(circuit))))).data


def through_json(circuit):
    return circuits.from_gate_list(json.loads(json.dumps(circuits.to_gate_list(circuit))))


@pytest.mark.parametrize("name", SAMPLES)
def test_round_trip_keeps_the_unitary_and_the_fingerprint(name):
    """Writing and reading a circuit changes neither its unitary nor its fingerprint."""
    circuit = SAMPLES[name]()
    back = through_json(circuit)
    assert circuits.fingerprint(back) == circuits.fingerprint(circuit)
    np.testing.assert_allclose(bound(back), bound(circuit), atol=1e-12)


def test_every_standard_gate_makes_the_round_trip():
    """Each gate of Qiskit's standard library is read back as the same unitary."""
    for name, gate in get_standard_gate_name_mapping().items():
        if name in ("measure", "reset", "delay"):
            continue
        angles = [0.1 * (i + 1) for i in range(len(gate.params))]
        circuit = QuantumCircuit(4)
        circuit.append(gate.base_class(*angles), range(gate.num_qubits))
        np.testing.assert_allclose(Operator(through_json(circuit)), Operator(circuit), atol=1e-12)


def test_composite_and_matrix_gates_keep_their_unitary():
    """Open controls, inner phases, barriers and matrices survive the taking apart."""
    inner = QuantumCircuit(2, global_phase=0.7)
    inner.h(0)
    inner.cx(0, 1)
    circuit = QuantumCircuit(3, global_phase=0.2)
    circuit.append(inner.to_gate(), [2, 0])
    circuit.barrier()
    circuit.append(XGate().control(2, ctrl_state="01"), [0, 1, 2])
    circuit.append(UnitaryGate(np.array([[0, 1j], [1j, 0]])), [1])
    np.testing.assert_allclose(Operator(through_json(circuit)), Operator(circuit), atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.tuples(st.floats(-2, 2), st.floats(-2, 2)), st.integers(0, 5))
def test_expressions_survive(values, form):
    """General expressions of features and weights are read back with the same values."""
    x, w = ParameterVector("x", 1)[0], ParameterVector("w", 1)[0]
    forms = [
        x * w + 1,
        (2 * x - w) * (math.pi - x) / 3,
        (x.sin() + w.cos()) ** 2,
        x.arctan().exp(),
        (w * w + 1).log() - x.abs(),
        2 - x.tan() * x.sign(),
    ]
    circuit = QuantumCircuit(1)
    circuit.rx(forms[form], 0)
    circuit.ry(x * w, 0)  # both parameters are always there
    back = through_json(circuit)
    before = Operator(circuits.bind(circuit, values[:1], values[1:]))
    after = Operator(circuits.bind(back, values[:1], values[1:]))
    np.testing.assert_allclose(after, before, atol=1e-9)


def test_fingerprint_tells_circuits_apart():
    """Another axis, scale, size or gate order is another fingerprint; names do not count."""
    prints = {
        circuits.fingerprint(c)
        for c in (
            circuits.angle(2),
            circuits.angle(2, "y"),
            circuits.angle(2, scale=2),
            circuits.angle(3),
            circuits.basis(2),
        )
    }
    assert len(prints) == 5
    renamed = circuits.angle(2)
    renamed.name = "other"
    renamed.barrier()
    assert circuits.fingerprint(renamed) == circuits.fingerprint(circuits.angle(2))


def test_fingerprint_is_the_same_in_every_process():
    """The fingerprint is a fixed function of the gates (golden value)."""
    assert circuits.fingerprint(circuits.angle(2)) == "6081ac70f2639978"


def test_an_impostor_gate_is_taken_apart():
    """A gate that only bears a standard name is stored as what it does."""
    fake = QuantumCircuit(1, name="h")
    fake.x(0)
    circuit = QuantumCircuit(1)
    circuit.append(fake.to_gate(), [0])
    assert circuits.to_gate_list(circuit)["gates"] == [["x", [0], []]]


@pytest.mark.parametrize("name", ["measure", "reset"])
def test_instructions_that_are_not_gates_are_refused(name):
    """Measure and reset are errors that name the instruction."""
    circuit = QuantumCircuit(1, 1)
    _ = circuit.reset(0) if name == "reset" else circuit.measure(0, 0)
    with pytest.raises(InputError, match=f"got the instruction '{name}'"):
        circuits.to_gate_list(circuit)


def nested(depth):
    expression = ["x", 0]
    for _ in range(depth):
        expression = ["sin", expression]
    return expression


GOOD = {"qubits": 2, "features": 1, "weights": 1, "global_phase": 0.0, "gates": []}
BAD_GATES = {
    "no list": "h",
    "too short": ["h", [0]],
    "name is not text": [1, [0], []],
    "unknown name": ["hh", [0], []],
    "private name": ["__class__", [0], []],
    "measure": ["measure", [0], []],
    "qubit out of range": ["h", [2], []],
    "negative qubit": ["h", [-1], []],
    "boolean qubit": ["h", [True], []],
    "twice the same qubit": ["cx", [0, 0], []],
    "too few qubits": ["cx", [0], []],
    "too many angles": ["rx", [0], [0.1, 0.2]],
    "angle is text": ["rx", [0], ["pi"]],
    "angle is not finite": ["rx", [0], [math.inf]],
    "angle is a huge number": ["rx", [0], [10**400]],
    "angle is too large": ["rx", [0], [["*", ["x", 0], 1e7]]],
    "angle without value": ["rx", [0], [["*", 1e6, 1e6]]],
    "angle is a boolean": ["rx", [0], [True]],
    "unknown operation": ["rx", [0], [["eval", "1"]]],
    "feature out of range": ["rx", [0], [["x", 1]]],
    "negative index": ["rx", [0], [["w", -1]]],
    "sum of one": ["rx", [0], [["+", 1]]],
    "sine of a number": ["rx", [0], [["sin", 1.0]]],
    "power of numbers": ["rx", [0], [["pow", 9, 9]]],
    "sine of two": ["rx", [0], [["sin", ["x", 0], 1]]],
    "too deep": ["rx", [0], [nested(40)]],
    "too wide": ["rx", [0], [["+", *[["x", 0]] * 300]]],
    "amplitudes of the wrong length": ["amplitude_encoding", [0, 1], [1, 2]],
    "matrix of the wrong size": ["unitary", [0], [1, 0]],
    "matrix not unitary": ["unitary", [0], [1, 0, 0, 2, 0, 0, 0, 0]],
    "matrix not finite": ["unitary", [0], [math.nan, 0, 0, 1, 0, 0, 0, 0]],
}


@pytest.mark.parametrize("gate", BAD_GATES.values(), ids=BAD_GATES)
def test_bad_gates_are_refused(gate):
    """A malformed gate is an InputError."""
    with pytest.raises(InputError):
        circuits.from_gate_list({**GOOD, "gates": [gate]})


@pytest.mark.parametrize(
    "change",
    [
        {"qubits": 17},
        {"qubits": 0},
        {"qubits": "2"},
        {"features": 10**9},
        {"weights": -1},
        {"gates": {}},
        {"gates": [["h", [0], []]] * 20_001},
        {"global_phase": "0"},
        {"qbits": 2},
    ],
)
def test_bad_headers_are_refused(change):
    """A header out of bounds, of the wrong type or with an unknown key is an InputError."""
    with pytest.raises(InputError):
        circuits.from_gate_list({**GOOD, **change})
    with pytest.raises(InputError):
        circuits.from_gate_list(
            {key: value for key, value in copy.deepcopy(GOOD).items() if key not in change}
            if set(change) <= set(GOOD)
            else []
        )
