"""Shot estimates follow the law of the measurement they stand for."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.circuit import ParameterVector, QuantumCircuit
from qiskit.quantum_info import SparsePauliOp

from redqubit import engine
from redqubit.core.errors import InputError
from redqubit.engine import sampling
from redqubit.engine.channels import amplitude_damping
from redqubit.engine.noise import Noise, Readout
from redqubit.engine.observables import parse


def circuit_of(n=3):
    """Return a circuit that gives no observable a special value."""
    x, w = ParameterVector("x", n), ParameterVector("w", 2 * n)
    circuit = QuantumCircuit(n)
    for qubit in range(n):
        circuit.ry(x[qubit], qubit)
        circuit.rz(w[qubit], qubit)
        circuit.cx(qubit, (qubit + 1) % n)
        circuit.rx(w[n + qubit], qubit)
    return circuit, list(x), list(w)


NOISES = {
    "ideal": None,
    "noisy": Noise(one_qubit=(amplitude_damping(0.1),), readout=(Readout(0.02, 0.05),)),
}
OBSERVABLES = ["ZII", "IZZ", "XYI", SparsePauliOp(["ZZI", "IIX"], [0.5, -1.0])]


@pytest.mark.parametrize("noise", sorted(NOISES))
def test_mean_and_variance_are_those_of_shots(noise):
    """Estimates of a Pauli string have its exact mean and variance (1 - mean^2) / shots."""
    circuit, features, weights = circuit_of()
    program = engine.compile(
        circuit, OBSERVABLES, features, weights, NOISES[noise], dtype="complex128"
    )
    rng = np.random.default_rng(1)
    x, w = torch.tensor(rng.normal(size=(1, 3))), torch.tensor(rng.normal(size=6))
    exact = program(x, w)[0].numpy()
    shots, repeats = 50, 4000
    draws = program.sample(x.expand(repeats, 3), w, shots, rng).numpy()
    variance = (1 - exact[:3] ** 2) / shots
    error = draws.std(0) / np.sqrt(repeats)
    assert (abs(draws.mean(0) - exact) < 4.5 * error).all()
    assert draws.var(0)[:3] == pytest.approx(variance, rel=0.12)


def test_shared_shots_are_correlated_and_settings_are_not():
    """Z strings share outcomes, so their errors covary as the state says; X and Z do not."""
    circuit, features, weights = circuit_of()
    program = engine.compile(circuit, ["ZII", "IZI", "XII"], features, weights, dtype="complex128")
    products = engine.compile(circuit, ["ZZI"], features, weights, dtype="complex128")
    rng = np.random.default_rng(2)
    x, w = torch.tensor(rng.normal(size=(1, 3))), torch.tensor(rng.normal(size=6))
    first, second, _ = program(x, w)[0].tolist()
    covariance = (products(x, w).item() - first * second) / 20
    draws = program.sample(x.expand(6000, 3), w, 20, rng).numpy()
    measured = np.cov(draws.T)
    spread = np.sqrt(np.outer(measured.diagonal(), measured.diagonal()) / 6000)
    assert abs(measured[0, 1] - covariance) < 4.5 * spread[0, 1]
    assert abs(measured[0, 2]) < 4.5 * spread[0, 2]
    assert program.executions == 2


def test_same_generator_same_numbers_and_all_shapes():
    """The result depends on the generator alone and has the shape of a call."""
    circuit, features, weights = circuit_of()
    for noise in NOISES.values():
        program = engine.compile(circuit, OBSERVABLES, features, weights, noise)
        for x, w in [
            (torch.zeros(2, 3), torch.zeros(6)),
            (torch.zeros(2, 3), torch.zeros(4, 6)),
            (torch.zeros(4, 2, 3), torch.zeros(4, 6)),
        ]:
            runs = [program.sample(x, w, 10, np.random.default_rng(0)) for _ in range(2)]
            assert torch.equal(*runs)
            assert runs[0].shape == program(x, w).shape
            assert runs[0].dtype == torch.float32


def test_a_certain_outcome_has_no_shot_noise():
    """A basis state gives exactly its signs with one shot, an identity string exactly 1."""
    circuit = QuantumCircuit(2)
    circuit.x(0)
    program = engine.compile(circuit, ["ZI", "IZ", "ZZ", "II"], [], [])
    values = program.sample(torch.zeros(3, 0), torch.zeros(0), 1, np.random.default_rng(0))
    assert values.tolist() == [[1.0, -1.0, -1.0, 1.0]] * 3


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text("IXYZ", min_size=4, max_size=4), min_size=1, max_size=8))
def test_settings_measure_every_term_in_its_own_letters(labels):
    """Each term lands in exactly one setting whose basis has the term's letters."""
    groups = sampling.settings(parse(labels, 4))
    terms = [(index, label) for group in groups for index, label, _ in group.terms]
    assert sorted(terms) == sorted(enumerate(labels))
    for group in groups:
        for _, label, _ in group.terms:
            assert all(a in ("I", b) for a, b in zip(label, group.basis, strict=True))


def test_probabilities_come_back_from_their_parities():
    """The Walsh-Hadamard transform of all Z strings of a distribution is that distribution."""
    rng = np.random.default_rng(3)
    truth = rng.dirichlet(np.ones(16), 5)
    states = np.arange(16)
    signs = 1.0 - 2.0 * (np.bitwise_count(states[:, None] & states) & 1)
    assert sampling.probabilities(truth @ signs) == pytest.approx(truth, abs=1e-14)


@pytest.mark.parametrize("shots", [0, -1, 1.5, True, "10"])
def test_shots_must_be_whole_and_positive(shots):
    """Anything but a whole number of at least one shot is refused."""
    program = engine.compile(QuantumCircuit(1), ["Z"], [], [])
    with pytest.raises(InputError, match="whole number >= 1"):
        program.sample(torch.zeros(1, 0), torch.zeros(0), shots, np.random.default_rng(0))
