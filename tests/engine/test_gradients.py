"""Gradients a device can measure equal autograd, and cost what they say."""

import numpy as np
import pytest
import torch
from qiskit.circuit import Gate, ParameterVector, QuantumCircuit

from redqubit import engine
from redqubit.core.errors import InputError
from redqubit.engine.channels import depolarizing
from redqubit.engine.gates import PARAMETERIZED
from redqubit.engine.gradients import finite_difference, parameter_shift, spsa
from redqubit.engine.noise import Noise


def jacobian(program, x, w, by):
    """Return autograd's Jacobian (B, K, P)."""
    if by == "weights":
        return torch.autograd.functional.jacobian(lambda v: program(x, v), w)
    full = torch.autograd.functional.jacobian(lambda v: program(v, w), x)
    return torch.stack([full[i, :, i] for i in range(len(x))])


@pytest.mark.parametrize("by", ["weights", "features"])
@pytest.mark.parametrize("name", sorted(PARAMETERIZED))
def test_parameter_shift_equals_autograd_for_every_gate(dense, name, by):
    """Each angle of each gate has a shift rule that gives the exact derivative."""
    gate = dense.GATES[name]
    rng = np.random.default_rng(1)
    x, w = ParameterVector("x", 2), ParameterVector("w", 2)
    circuit = QuantumCircuit(2)
    circuit.u(0.3, 0.5, 0.7, 0)
    circuit.u(1.3, -0.5, 0.2, 1)
    angles = [x[i % 2] * 0.7 + w[i // 2] - 0.4 for i in range(len(gate.params))]
    circuit.append(gate.base_class(*angles), list(range(gate.num_qubits)))
    circuit.u(-0.4, 0.8, 1.7, 0)
    circuit.cx(0, 1)
    program = engine.compile(circuit, ["XZ", "ZY"], list(x), list(w), dtype="complex128")
    data, values = torch.tensor(rng.normal(size=(2, 2))), torch.tensor(rng.normal(size=2))
    found = parameter_shift(program, data, values, by=by)
    assert abs(found.value - jacobian(program, data, values, by)).max() < 1e-10


@pytest.mark.parametrize("by", ["weights", "features"])
def test_repeated_parameters_and_expressions_are_right(by):
    """A parameter in many gates, scaled, multiplied and inside functions keeps the rule exact."""
    x, w = ParameterVector("x", 2), ParameterVector("w", 2)
    circuit = QuantumCircuit(2)
    circuit.rx(2 * x[0] - w[0], 0)
    circuit.ry(w[0] * 0.5, 1)
    circuit.crz(x[1] * w[1], 0, 1)
    circuit.rx(w[0].sin() + x[0], 0)
    circuit.rxx(w[1] * w[0], 0, 1)
    circuit.ry(w[0] + w[1], 0)
    rng = np.random.default_rng(2)
    data, values = torch.tensor(rng.normal(size=(3, 2))), torch.tensor(rng.normal(size=2))
    noise = Noise(one_qubit=(depolarizing(0.02),))
    for noises in (None, noise):
        program = engine.compile(
            circuit, ["ZI", "XY"], list(x), list(w), noises, dtype="complex128"
        )
        found = parameter_shift(program, data, values, by=by)
        assert abs(found.value - jacobian(program, data, values, by)).max() < 1e-10


def test_executions_are_counted():
    """Two circuits a rotation and four a controlled one, times samples and settings."""
    x, w = ParameterVector("x", 1), ParameterVector("w", 2)
    circuit = QuantumCircuit(2)
    circuit.rx(x[0], 0)
    circuit.ry(w[0], 0)
    circuit.ry(w[0], 1)
    circuit.crz(w[1], 0, 1)
    program = engine.compile(circuit, ["ZI", "IZ", "XX"], list(x), list(w), dtype="complex128")
    data, values = torch.zeros(5, 1).double(), torch.zeros(2).double()
    assert program.executions == 2
    assert parameter_shift(program, data, values).executions == (2 + 2 + 4) * 5 * 2
    assert parameter_shift(program, data, values, by="features").executions == 2 * 5 * 2
    assert finite_difference(program, data, values).executions == 4 * 5 * 2
    rng = np.random.default_rng(0)
    assert spsa(program, data, values, rng, repeats=7).executions == 2 * 7 * 5 * 2


@pytest.fixture(scope="module")
def small():
    """Return a program on two qubits with a sample batch and weights."""
    x, w = ParameterVector("x", 2), ParameterVector("w", 3)
    circuit = QuantumCircuit(2)
    circuit.rx(x[0], 0)
    circuit.rx(x[1], 1)
    circuit.ry(w[0], 0)
    circuit.rz(w[1], 1)
    circuit.cx(0, 1)
    circuit.ry(w[2], 1)
    program = engine.compile(circuit, ["ZI", "IX"], list(x), list(w), dtype="complex128")
    rng = np.random.default_rng(3)
    return program, torch.tensor(rng.normal(size=(2, 2))), torch.tensor(rng.normal(size=3))


@pytest.mark.parametrize("by", ["weights", "features"])
def test_finite_differences_converge_with_the_square_of_the_step(small, by):
    """Halving the step divides the error of central differences by four."""
    program, x, w = small
    exact = jacobian(program, x, w, by)
    errors = [
        abs(finite_difference(program, x, w, by=by, step=step).value - exact).max()
        for step in (0.2, 0.1)
    ]
    assert errors[0] / errors[1] == pytest.approx(4.0, rel=0.02)


@pytest.mark.parametrize("by", ["weights", "features"])
def test_spsa_is_unbiased_up_to_the_square_of_the_step(small, by):
    """The mean of many random directions is the gradient within its standard error."""
    program, x, w = small
    exact = jacobian(program, x, w, by)
    rng = np.random.default_rng(4)
    draws = torch.stack([spsa(program, x, w, rng, by=by, step=1e-3).value for _ in range(400)])
    error = draws.std(0) / 20 + 1e-6
    assert ((draws.mean(0) - exact).abs() < 4.5 * error).all()


def test_shots_make_the_shift_rule_noisy_but_unbiased(small):
    """With shots the parameter-shift gradient scatters around the exact one."""
    program, x, w = small
    exact = parameter_shift(program, x, w).value
    rng = np.random.default_rng(5)
    draws = torch.stack(
        [parameter_shift(program, x, w, shots=100, rng=rng).value for _ in range(60)]
    )
    error = draws.std(0) / 60**0.5 + 1e-3
    assert ((draws.mean(0) - exact).abs() < 4.5 * error).all()
    assert draws.std(0).max() > 0.01


def test_bad_requests_are_named(small):
    """Wrong options, missing generators and amplitude features are refused with the way out."""
    program, x, w = small
    with pytest.raises(InputError, match="did you mean 'weights'"):
        parameter_shift(program, x, w, by="weigths")
    with pytest.raises(InputError, match="pass rng"):
        parameter_shift(program, x, w, shots=10)
    with pytest.raises(InputError, match="step must be"):
        finite_difference(program, x, w, step=0.0)
    with pytest.raises(InputError, match="repeats >= 1"):
        spsa(program, x, w, np.random.default_rng(0), repeats=0)
    with pytest.raises(InputError, match=r"x \(B, 2\) and w \(3,\)"):
        parameter_shift(program, x[0], w)
    features = ParameterVector("x", 4)
    circuit = QuantumCircuit(2)
    circuit.append(Gate("amplitude_encoding", 2, list(features)), [0, 1])
    encoded = engine.compile(circuit, ["ZI"], list(features), [])
    with pytest.raises(InputError, match="no shift rule"):
        parameter_shift(encoded, torch.ones(1, 4), torch.zeros(0), by="features")
