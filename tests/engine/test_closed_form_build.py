"""Closed forms built from circuits equal the circuits; what has none says why."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.circuit import ParameterVector, QuantumCircuit

from redqubit.circuits import (
    amplitude,
    angle,
    real_amplitudes,
    reupload,
    strongly_entangling,
    zz_feature_map,
)
from redqubit.core.errors import BudgetExceededError, InputError
from redqubit.engine.channels import amplitude_damping, depolarizing
from redqubit.engine.closed_form import ClosedForm, QuadraticForm
from redqubit.engine.closed_form_build import build, cost
from redqubit.engine.lowering import lower
from redqubit.engine.noise import Noise, Readout
from redqubit.engine.pauli_transfer import PauliTransferProgram

NOISE = Noise(
    (depolarizing(0.01), amplitude_damping(0.02)),
    (depolarizing(0.03, 2),),
    readout=(Readout(0.02, 0.05),),
)


def lowered_model(encoder, ansatz=None):
    """Lower an encoder followed by an ansatz."""
    circuit = encoder if ansatz is None else encoder.compose(ansatz)

    def named(letter):
        found = [p for p in circuit.parameters if p.vector.name == letter]
        return sorted(found, key=lambda p: p.index)

    return lower(circuit, named("x"), named("w"))


def single_z(n):
    """Return the labels of Z on each qubit."""
    return ["I" * (n - 1 - q) + "Z" + "I" * q for q in range(n)]


def numbers(lowered, n_samples=5, seed=0):
    """Return random features and weights of a lowered circuit."""
    rng = np.random.default_rng(seed)
    x = torch.tensor(rng.normal(size=(n_samples, lowered.n_features)))
    return x, torch.tensor(rng.normal(size=lowered.n_weights))


@pytest.mark.parametrize("noise", [None, NOISE], ids=["ideal", "noisy"])
@pytest.mark.parametrize("axis", ["x", "y", "z"])
def test_angle_encoding_has_a_closed_form(dense, axis, noise):
    """Rotations about any axis give a 3^n tensor with the values of the circuit, noise included."""
    lowered = lowered_model(angle(4, axis=axis), strongly_entangling(4, 2))
    labels = [*single_z(4), "XYZI"]
    x, w = numbers(lowered)
    form = build(lowered, labels, w, noise)
    assert form.tensor.shape == (5, 3, 3, 3, 3)
    program = PauliTransferProgram(lowered, labels, noise, picture="schroedinger")
    assert (form(x) - program(x, w)).abs().max() < 1e-12


def test_closed_form_equals_the_dense_state_vector(dense):
    """An ideal closed form has the dense reference's values to 1e-12."""
    circuit = angle(3, axis="y").compose(real_amplitudes(3, 2))
    x = [p for p in circuit.parameters if p.vector.name == "x"]
    w = [p for p in circuit.parameters if p.vector.name == "w"]
    lowered = lower(circuit, x, w)
    values, weights = numbers(lowered)
    form = build(lowered, ["IIZ", "XXI"], weights)
    for row, outputs in zip(values, form(values), strict=True):
        bound = dense.bind(circuit, x, w, row.numpy(), weights.numpy())
        assert abs(outputs.numpy() - dense.expectations(bound, ["IIZ", "XXI"])).max() < 1e-12


def test_scales_and_offsets_are_those_of_the_encoding():
    """An encoding by 2 x + 0.5 + w keeps degree 1 and reports scale 2 and offset 0.5 + w."""
    x, w = ParameterVector("x", 3), ParameterVector("w", 1)
    circuit = QuantumCircuit(2)
    circuit.h(1)
    circuit.rz(2 * x[2] + 0.5 + w[0], 1)
    circuit.ry(-x[0], 0)
    circuit.cx(0, 1)
    circuit.h(1)
    lowered = lower(circuit, list(x), list(w))
    form = build(lowered, ["ZI"], torch.tensor([0.25]))
    assert form.degrees == (1, 0, 1)
    assert form.scales.tolist() == pytest.approx([-1, 1, 2])
    assert form.offsets.tolist() == pytest.approx([0, 0, 0.75])
    values, _ = numbers(lowered)
    program = PauliTransferProgram(lowered, ["ZI"])
    assert (form(values) - program(values, torch.tensor([0.25]))).abs().max() < 1e-12


@pytest.mark.parametrize("noise", [None, NOISE], ids=["ideal", "noisy"])
def test_reuploading_is_interpolated(noise):
    """Re-uploading L times has degree L in each feature and the values of the circuit."""
    lowered = lowered_model(reupload(2, 3))
    x, w = numbers(lowered)
    form = build(lowered, ["ZI", "IZ"], w, noise)
    assert form.degrees == (3, 3)
    assert (form(x) - PauliTransferProgram(lowered, ["ZI", "IZ"], noise)(x, w)).abs().max() < 1e-12


def test_interpolation_takes_another_evaluator():
    """A given evaluator, here one that counts, is asked on the grid alone."""
    lowered = lowered_model(reupload(2, 2))
    x, w = numbers(lowered)
    program = PauliTransferProgram(lowered, ["ZI"])
    seen = []

    def evaluate(points):
        seen.append(len(points))
        return program(points, w)

    form = build(lowered, ["ZI"], w, evaluate=evaluate)
    assert sum(seen) == cost(lowered, 1, w).evaluations == 25
    assert (form(x) - program(x, w)).abs().max() < 1e-12


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_random_trigonometric_circuits_are_covered(dense, seed):
    """Features anywhere with integer multiples, in any standard gate, are interpolated exactly."""
    rng = np.random.default_rng(seed)
    names = ["rx", "rz", "p", "u", "cx", "crx", "cp", "rzz", "r", "xx_plus_yy", "h"]
    x = ParameterVector("x", 2)
    circuit = QuantumCircuit(3)
    for _ in range(5):
        gate = dense.GATES[names[rng.integers(len(names))]]
        angles = [float(rng.normal()) for _ in gate.params]
        if angles and rng.random() < 0.6:
            angles[0] = angles[0] + x[int(rng.integers(2))] * int(rng.choice([-2, -1, 1, 2]))
        qubits = [int(q) for q in rng.choice(3, gate.num_qubits, replace=False)]
        circuit.append(gate.base_class(*angles), qubits)
    lowered = lower(circuit, list(x), [])
    values, w = numbers(lowered, seed=seed)
    form = build(lowered, ["ZZX", "IYZ"], w, NOISE)
    program = PauliTransferProgram(lowered, ["ZZX", "IYZ"], NOISE)
    assert (form(values) - program(values, w)).abs().max() < 1e-11


def test_dense_angle_encoding_is_covered():
    """Two features on one qubit, and one feature on two qubits, give a tensor over features."""
    x = ParameterVector("x", 3)
    circuit = QuantumCircuit(2)
    for qubit, (a, b) in enumerate([(0, 1), (2, 1)]):
        circuit.rx(x[a], qubit)
        circuit.rz(x[b], qubit)
    circuit.cx(0, 1)
    lowered = lower(circuit, list(x), [])
    values, w = numbers(lowered)
    form = build(lowered, ["XY", "ZZ"], w, NOISE)
    assert form.degrees == (1, 2, 1)
    expected = PauliTransferProgram(lowered, ["XY", "ZZ"], NOISE)(values, w)
    assert (form(values) - expected).abs().max() < 1e-12


def test_weighted_encoding_freezes_to_scales():
    """With frozen weights an encoding by w x has scale w, and two of them a common measure."""
    x, w = ParameterVector("x", 1), ParameterVector("w", 2)
    circuit = QuantumCircuit(1)
    circuit.ry(w[0] * x[0] + 0.1, 0)
    circuit.rx(0.4, 0)
    circuit.ry(w[1] * x[0], 0)
    lowered = lower(circuit, list(x), list(w))
    values, _ = numbers(lowered)
    weights = torch.tensor([1.5, 0.5], dtype=torch.float64)
    form = build(lowered, ["Z"], weights)
    assert form.degrees == (4,)
    assert form.scales.tolist() == pytest.approx([0.5])
    expected = PauliTransferProgram(lowered, ["Z"])(values, weights)
    assert (form(values) - expected).abs().max() < 1e-12
    with pytest.raises(InputError, match="no common measure"):
        build(lowered, ["Z"], torch.tensor([1.5, math.sqrt(2)], dtype=torch.float64))


@pytest.mark.parametrize("noise", [None, NOISE], ids=["ideal", "noisy"])
def test_amplitude_encoding_is_a_quadratic_form(noise):
    """Amplitude encoding gives x^T O x / x^T x with the values of the circuit."""
    lowered = lowered_model(amplitude(3), strongly_entangling(3, 2))
    x, w = numbers(lowered)
    form = build(lowered, ["ZII", "IXY"], w, noise)
    assert isinstance(form, QuadraticForm)
    expected = PauliTransferProgram(lowered, ["ZII", "IXY"], noise)(x, w)
    assert (form(x) - expected).abs().max() < 1e-12


def test_amplitudes_in_another_order_keep_their_features():
    """Amplitude encoding on permuted qubits still reads each feature as its own amplitude."""
    encoder = amplitude(2)
    circuit = QuantumCircuit(2)
    circuit.append(encoder.data[0].operation, [1, 0])
    circuit.ry(0.3, 0)
    x = sorted(encoder.parameters, key=lambda p: p.index)
    lowered = lower(circuit, x, [])
    values, w = numbers(lowered)
    form = build(lowered, ["ZI", "IX"], w)
    expected = PauliTransferProgram(lowered, ["ZI", "IX"])(values, w)
    assert (form(values) - expected).abs().max() < 1e-12


def test_circuit_without_features_is_a_constant():
    """A circuit that ignores its features gives a tensor of size 1 and constant values."""
    circuit = QuantumCircuit(2)
    circuit.ry(0.7, 0)
    x = ParameterVector("x", 2)
    lowered = lower(circuit, list(x), [])
    form = build(lowered, ["IZ"], torch.zeros(0))
    assert form.tensor.shape == (1, 1, 1)
    assert form(torch.randn(3, 2)).flatten().tolist() == pytest.approx([math.cos(0.7)] * 3)


def test_products_of_features_have_no_closed_form():
    """The ZZ feature map turns by products of features; the message says which."""
    lowered = lowered_model(zz_feature_map(2))
    with pytest.raises(
        InputError, match=r"not an affine function of the features \(x\[0\], x\[1\]"
    ):
        build(lowered, ["ZI"], torch.zeros(0))


def test_amplitudes_reused_as_angles_have_no_closed_form():
    """Features that are amplitudes and angles at once are refused."""
    encoder = amplitude(1)
    x = sorted(encoder.parameters, key=lambda p: p.index)
    encoder.rx(x[0], 0)
    with pytest.raises(InputError, match="amplitudes and angles at once"):
        build(lower(encoder, x, []), ["Z"], torch.zeros(0))


def test_size_and_work_are_predicted_and_limited():
    """The cost is known before building, and a form over the limit is refused with its size."""
    lowered = lowered_model(reupload(3, 2))
    _, w = numbers(lowered)
    coverage = cost(lowered, 2, w)
    assert (coverage.method, coverage.elements, coverage.evaluations) == ("interpolation", 250, 125)
    with pytest.raises(BudgetExceededError, match="250 numbers"):
        build(lowered, single_z(3)[:2], w, max_elements=200)
    with pytest.raises(BudgetExceededError, match="multiply-adds"):
        build(lowered, single_z(3)[:2], w, max_operations=10.0)
    product = cost(lowered_model(angle(3), strongly_entangling(3, 1)), 2, w[:9])
    assert (product.method, product.elements, product.evaluations) == ("product", 54, 0)


def test_many_observables_are_moved_in_pieces(monkeypatch):
    """Building column by column gives the tensor that building at once gives."""
    lowered = lowered_model(angle(3), strongly_entangling(3, 2))
    _, w = numbers(lowered)
    whole = build(lowered, single_z(3), w, NOISE)
    monkeypatch.setattr("redqubit.engine.closed_form_build.BLOCK_BYTES", 1)
    pieces = build(lowered, single_z(3), w, NOISE)
    assert isinstance(whole, ClosedForm)
    assert (whole.tensor - pieces.tensor).abs().max() < 1e-15
