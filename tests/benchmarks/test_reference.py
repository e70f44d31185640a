"""The plain reference agrees with Qiskit on the very circuits that are measured."""

import numpy as np
import pytest
import torch
from benchmarks import reference
from benchmarks.workload import LAYERS, Noise, Workload
from qiskit.quantum_info import DensityMatrix, Kraus, Operator, Pauli, Statevector


def bound(work, row):
    """Return the circuit of one sample with all parameters bound."""
    circuit = work.circuit()
    values = {"x": work.inputs[row], "w": work.weights.ravel()}
    return circuit.assign_parameters(
        {p: float(values[p.vector.name][p.index]) for p in circuit.parameters}
    )


def tensors(work):
    return torch.tensor(work.inputs), torch.tensor(work.weights)


def test_pure_values_equal_qiskit():
    """Expectation values of the pure circuit equal those of Qiskit's state vector."""
    work = Workload(3, 2)
    got = reference.expectations(work, *tensors(work)).numpy()
    for row in range(work.batch):
        state = Statevector(bound(work, row))
        wanted = [state.expectation_value(Pauli(label)).real for label in work.observables]
        np.testing.assert_allclose(got[row], wanted, atol=1e-12)


def test_noisy_values_equal_qiskit():
    """Expectation values of the noisy circuit equal a density matrix evolved channel by channel."""
    work = Workload(2, 1, noise=Noise(0.05, 0.1))
    p, g = work.noise.depolarizing, work.noise.damping
    paulis = [Pauli(label).to_matrix() for label in "IXYZ"]
    weights = [1 - 0.75 * p, p / 4, p / 4, p / 4]
    depolarizing = Kraus([np.sqrt(w) * m for w, m in zip(weights, paulis, strict=True)])
    damping = Kraus([np.diag([1, np.sqrt(1 - g)]), np.array([[0, np.sqrt(g)], [0, 0]])])
    rho = DensityMatrix.from_label("00")
    for instruction in bound(work, 0).data:
        qubits = [q._index for q in instruction.qubits]
        rho = rho.evolve(Operator(instruction.operation), qubits)
        for qubit in qubits:
            rho = rho.evolve(depolarizing, [qubit]).evolve(damping, [qubit])
    wanted = [rho.expectation_value(Pauli(label)).real for label in work.observables]
    got = reference.expectations(work, *tensors(work)).numpy()
    np.testing.assert_allclose(got[0], wanted, atol=1e-12)


def test_gradients_equal_finite_differences():
    """The reference's weight and input gradients equal central differences of its loss."""
    work = Workload(3, 2)
    truth = reference.gradient_step(work)
    inputs, weights = tensors(work)

    def loss(x, w):
        logits = reference.expectations(work, x, w) @ torch.tensor(work.head).T
        logits = logits + torch.tensor(work.bias)
        return torch.nn.functional.cross_entropy(logits, torch.tensor(work.labels)).item()

    for name, base, at in (("weights", weights, (1, 2, 1)), ("inputs", inputs, (1, 0))):
        up, down = base.clone(), base.clone()
        up[at] += 1e-5
        down[at] -= 1e-5
        pairs = [(inputs, w) if name == "weights" else (w, weights) for w in (up, down)]
        slope = (loss(*pairs[0]) - loss(*pairs[1])) / 2e-5
        assert truth[name][at] == pytest.approx(slope, abs=1e-9)


def test_many_models_begin_with_the_first():
    """The first of several models has the weights and the gradient of the single model."""
    work = Workload(2, 3)
    many, one = reference.many_models(work), reference.gradient_step(work)
    np.testing.assert_allclose(many["weights"][0], one["weights"], atol=1e-14)
    assert work.weights.shape == (LAYERS, 2, 3)
