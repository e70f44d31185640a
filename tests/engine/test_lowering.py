"""Lowered circuits are the circuits that came in."""

import math

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qiskit.circuit import ClassicalRegister, Gate, Parameter, ParameterVector, QuantumCircuit
from qiskit.circuit import library as lib
from qiskit.quantum_info import Operator, random_unitary

from redqubit.circuits.encoders.amplitude import AmplitudeEncoding
from redqubit.core.errors import InputError
from redqubit.engine.gates import FIXED, PARAMETERIZED
from redqubit.engine.lowering import Angle, gate_matrix, lower

NONE = torch.zeros(0, dtype=torch.float64)


def unitary(dense, lowered, x=(), w=()):
    """Multiply the embedded matrices of all operations."""
    total = np.eye(2**lowered.n_qubits, dtype=complex)
    x, w = (torch.tensor(np.asarray(v, dtype=float)) for v in (x, w))
    for operation in lowered.operations:
        matrix = gate_matrix(operation, x, w).numpy()
        total = dense.embed(matrix, operation.qubits, lowered.n_qubits) @ total
    return total


def distance(a, b):
    """Return the largest entry of the difference after removing the global phase."""
    overlap = np.vdot(a, b)
    return abs(a * (overlap / abs(overlap)) - b).max()


@pytest.mark.parametrize("name", sorted(PARAMETERIZED))
def test_parameterized_gate_equals_qiskit(dense, name):
    """Every parameterized standard gate has Qiskit's matrix, entry by entry."""
    gate = dense.GATES[name]
    angles = np.random.default_rng(3).normal(size=(5, len(gate.params)))
    ours = PARAMETERIZED[name](*torch.tensor(angles).T)
    for row, matrix in zip(angles, ours, strict=True):
        assert abs(gate.base_class(*row).to_matrix() - matrix.numpy()).max() < 1e-14


@pytest.mark.parametrize("name", sorted(PARAMETERIZED))
def test_parameterized_gate_has_first_and_second_derivatives(dense, name):
    """Every gate builder passes gradcheck and gradgradcheck."""
    count = len(dense.GATES[name].params)
    angles = torch.tensor(np.random.default_rng(4).normal(size=(count, 2)), requires_grad=True)

    def build(values):
        return torch.view_as_real(PARAMETERIZED[name](*values))

    assert torch.autograd.gradcheck(build, (angles,))
    assert torch.autograd.gradgradcheck(build, (angles,))


def test_every_standard_gate_is_known(dense):
    """Fixed and parameterized tables together hold every unitary standard gate."""
    assert set(FIXED) | set(PARAMETERIZED) == set(dense.GATES)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
@given(n=st.integers(1, 4), depth=st.integers(1, 12), seed=st.integers(0, 2**32 - 1))
def test_operations_multiply_to_the_circuit(dense, n, depth, seed):
    """The product of lowered gates is the circuit's unitary up to a global phase."""
    rng = np.random.default_rng(seed)
    circuit, features, weights = dense.random_circuit(n, depth, rng)
    x, w = rng.normal(size=len(features)), rng.normal(size=len(weights))
    lowered = lower(circuit, features, weights)
    expected = Operator(dense.bind(circuit, features, weights, x, w)).data
    assert distance(unitary(dense, lowered, x, w), expected) < 1e-10


def test_unknown_gates_come_through(dense):
    """Open controls, many controls, composites, Pauli strings and unitaries are all accepted."""
    a, b = Parameter("a"), Parameter("b")
    inner = QuantumCircuit(2, name="block", global_phase=0.3)
    inner.ry(a + 2 * b, 0)
    inner.cx(0, 1)
    circuit = QuantumCircuit(5, global_phase=1.0)
    circuit.append(inner.to_gate(), [3, 1])
    circuit.append(inner.to_instruction(), [0, 4])
    circuit.append(lib.CRXGate(b, ctrl_state=0), [2, 0])
    circuit.append(lib.RYGate(a).control(2, ctrl_state=1, annotated=False), [4, 0, 3])
    circuit.append(lib.PhaseGate(a * 0.5).control(3, annotated=False), [4, 0, 3, 1])
    circuit.append(lib.RZGate(b).inverse().control(2, annotated=True), [1, 0, 3])
    circuit.append(lib.SGate().power(0.5, annotated=True).inverse(annotated=True), [4])
    circuit.append(lib.MCXGate(4), [4, 0, 3, 1, 2])
    circuit.append(lib.CXGate(ctrl_state=0), [1, 2])
    circuit.append(lib.UnitaryGate(random_unitary(8, seed=1)), [2, 4, 0])
    circuit.append(lib.UnitaryGate(random_unitary(32, seed=2)), [2, 4, 0, 1, 3])
    circuit.append(lib.PauliGate("XYZIX"), range(5))
    circuit.append(lib.PermutationGate([2, 0, 1]), [0, 2, 4])
    circuit.append(lib.StatePreparation([0.6, 0.8j]), [0])
    circuit.barrier()
    circuit.append(lib.GlobalPhaseGate(a), [])
    circuit.append(lib.RXGate(0.4).power(0.5), [2])
    lowered = lower(circuit, [a], [b])
    expected = Operator(circuit.assign_parameters({a: 0.7, b: -1.1})).data
    assert distance(unitary(dense, lowered, [0.7], [-1.1]), expected) < 1e-10


def test_a_borrowed_name_is_not_trusted(dense):
    """A custom gate called rx is taken by its definition, not by its name."""

    class Impostor(Gate):
        def __init__(self, angle):
            super().__init__("rx", 1, [angle])

        def _define(self):
            self.definition = QuantumCircuit(1)
            self.definition.rz(self.params[0], 0)

    a, circuit = Parameter("a"), QuantumCircuit(1)
    circuit.append(Impostor(a), [0])
    lowered = lower(circuit, [a], [])
    assert [operation.name for operation in lowered.operations] == ["rz"]


def test_affine_angles_are_recognized():
    """Sums with constant coefficients become affine terms, however they are written."""
    x, w = ParameterVector("x", 3), ParameterVector("w", 2)
    circuit = QuantumCircuit(1)
    circuit.rx(2 * (x[2] - w[1] / 4) + x[0] * x[1] - x[1] * x[0] + 0.25, 0)
    (operation,) = lower(circuit, list(x), list(w)).operations
    assert operation.angles == (Angle(0.25, ((2, 2.0),), ((1, -0.5),)),)
    assert operation.feature_indices == (2,)
    assert operation.weight_indices == (1,)


def test_general_expressions_have_values_and_derivatives():
    """Products, powers and functions of parameters agree with Python and pass gradgradcheck."""
    x, w = ParameterVector("x", 2), ParameterVector("w", 1)
    circuit = QuantumCircuit(1)
    circuit.rz((math.pi - x[0]) * (math.pi - x[1]), 0)
    circuit.ry((x[0] * w[0]).sin() + x[1].exp() / (2 + w[0].cos()) + w[0].arctan(), 0)
    circuit.rx((x[0] ** 2 + 1).log() - x[1].abs(), 0)
    operations = lower(circuit, list(x), list(w)).operations
    a, b, c = 0.3, -0.8, 1.7
    values = [
        operation.angles[0].value(torch.tensor([a, b]).double(), torch.tensor([c]).double())
        for operation in operations
    ]
    expected = [
        (math.pi - a) * (math.pi - b),
        math.sin(a * c) + math.exp(b) / (2 + math.cos(c)) + math.atan(c),
        math.log(a * a + 1) - abs(b),
    ]
    assert np.allclose(values, expected, atol=1e-12)
    assert operations[0].weight_indices == ()
    assert operations[0].feature_indices == (0, 1)
    point = (
        torch.tensor([[a, b], [b, a]], dtype=torch.float64, requires_grad=True),
        torch.tensor([c], dtype=torch.float64, requires_grad=True),
    )

    def evaluate(features, weights):
        return torch.stack([op.angles[0].value(features, weights) for op in operations])

    assert torch.autograd.gradcheck(evaluate, point)
    assert torch.autograd.gradgradcheck(evaluate, point)


def test_gates_are_batched_over_what_they_use():
    """A gate's leading shape is the batch of features, of models, of both, or nothing."""
    x, w = ParameterVector("x", 1), ParameterVector("w", 1)
    circuit = QuantumCircuit(2)
    circuit.rx(x[0], 0)
    circuit.ry(w[0], 0)
    circuit.u(x[0], w[0], 0.1, 0)
    circuit.cx(0, 1)
    operations = lower(circuit, list(x), list(w)).operations
    batch, models = torch.zeros(5, 1), torch.zeros(3, 1, 1)
    shapes = [tuple(gate_matrix(op, batch, models).shape) for op in operations]
    assert shapes == [(5, 2, 2), (3, 1, 2, 2), (3, 5, 2, 2), (4, 4)]
    assert gate_matrix(operations[0], batch, models).dtype == torch.complex64


def test_amplitudes_follow_qiskit_order():
    """Amplitude encoding on permuted qubits puts each feature where Qiskit would."""
    x = ParameterVector("x", 4)
    circuit = QuantumCircuit(2)
    circuit.append(Gate("amplitude_encoding", 2, list(x)), [1, 0])
    circuit.h(0)
    lowered = lower(circuit, list(x), [])
    assert lowered.amplitude
    assert len(lowered.operations) == 1
    values = lowered.amplitudes(torch.tensor([[1.0, 2.0, 3.0, 4.0]]))
    assert torch.allclose(values * math.sqrt(30), torch.tensor([[1.0, 3.0, 2.0, 4.0]]))


def test_bound_amplitudes_are_an_ordinary_preparation(dense):
    """Amplitude encoding of numbers prepares them like any gate with a definition."""
    circuit = QuantumCircuit(2)
    circuit.append(AmplitudeEncoding([1.0, 2.0, 3.0, 4.0]), [0, 1])
    lowered = lower(circuit, [], [])
    assert not lowered.amplitude
    state = unitary(dense, lowered)[:, 0]
    assert abs(abs(state @ [1, 2, 3, 4]) / math.sqrt(30) - 1) < 1e-12


def _with(build, qubits=2, clbits=1):
    circuit = QuantumCircuit(qubits, clbits)
    circuit.h(0)
    build(circuit)
    return circuit


def _if(circuit):
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(1)


def _loop(circuit):
    with circuit.for_loop(range(2)):
        circuit.x(1)


def _amplitude(circuit, count=4):
    circuit.append(Gate("amplitude_encoding", 2, list(ParameterVector("x", count))), [0, 1])


def _composite(circuit):
    inner = QuantumCircuit(1, name="inner")
    inner.reset(0)
    circuit.append(inner.to_instruction(), [1])


@pytest.mark.parametrize(
    ("circuit", "says"),
    [
        (_with(lambda c: c.reset(1)), r"instruction 1 \('reset'\).*unitary"),
        (_with(lambda c: c.measure(1, 0)), r"instruction 1 \('measure'\).*remove measurements"),
        (_with(lambda c: c.measure_all()), r"instruction 2 \('measure'\).*remove measurements"),
        (_with(lambda c: c.delay(5, 0)), r"instruction 1 \('delay'\)"),
        (_with(lambda c: c.initialize([0, 1], 0)), r"instruction 1 \('initialize'\)"),
        (_with(_if), r"instruction 1 \('if_else'\)"),
        (_with(_loop), r"instruction 1 \('for_loop'\)"),
        (_with(_composite), r"instruction 1 \('inner'\), part 0 \('reset'\)"),
        (_with(_amplitude), r"instruction 1 \('amplitude_encoding'\).*first instruction"),
        (_with(lambda c: c.rx(Parameter("b"), 0)), r"\['b'\], which are neither"),
        (_with(lambda c: c.rx(float("nan"), 0)), "finite real angles, got nan"),
        (_with(lambda c: c.rx(Parameter("a") * 1j, 0)), "finite real angles"),
        (_with(lambda c: c.append(Gate("odd", 1, []), [0])), "no definition"),
        (QuantumCircuit(17), "1 to 16 qubits are simulated, got 17.*131,072"),
        (QuantumCircuit(0), "got 0"),
        (QuantumCircuit(ClassicalRegister(1)), "got 0"),
        ("h 0", "qiskit.QuantumCircuit, got str"),
    ],
)
def test_what_cannot_be_simulated_is_named(circuit, says):
    """Instructions that are not unitary, unknown parameters and wrong sizes name the culprit."""
    parameters = getattr(circuit, "parameters", [])
    features = [p for p in parameters if p.name != "b"]
    with pytest.raises(InputError, match=says):
        lower(circuit, features, [])


def test_wrong_parameter_lists_are_named():
    """Parameters listed twice, in both lists, or of the wrong type are errors."""
    a = Parameter("a")
    circuit = QuantumCircuit(1)
    circuit.rx(a, 0)
    for features, weights, says in [
        ([a, a], [], "listed twice"),
        ([a], [a], "both features and weights"),
        (["a"], [], "must be qiskit Parameters, got str"),
    ]:
        with pytest.raises(InputError, match=says):
            lower(circuit, features, weights)


def test_amplitude_encoding_wants_bare_features():
    """Amplitudes that are not 2^n distinct features are refused by name."""
    x = ParameterVector("x", 4)
    few, scaled = QuantumCircuit(2), QuantumCircuit(2)
    few.append(Gate("amplitude_encoding", 2, list(x[:3])), [0, 1])
    scaled.append(Gate("amplitude_encoding", 2, [2 * x[0], *x[1:]]), [0, 1])
    with pytest.raises(InputError, match="needs 4 features, got 3"):
        lower(few, list(x), [])
    with pytest.raises(InputError, match="bare features"):
        lower(scaled, list(x), [])
