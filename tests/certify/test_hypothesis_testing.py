import math

import numpy as np
import pytest
import torch
from qiskit.quantum_info import SparsePauliOp

from redqubit import certify, circuits
from redqubit.certify import hypothesis_testing
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError
from redqubit.models.qnn import QNN


def random_state(rng, size):
    state = rng.normal(size=(size, 2)) @ [1, 1j]
    return state / np.linalg.norm(state)


def test_no_state_within_the_fidelity_changes_the_class():
    """States with more than the threshold fidelity keep the likeliest class of a measurement."""
    rng = np.random.default_rng(0)
    for _ in range(400):
        kraus = [rng.normal(size=(3, 3, 2)) @ [1, 1j] for _ in range(3)]
        total = sum(k.conj().T @ k for k in kraus)
        root = np.linalg.inv(np.linalg.cholesky(total)).conj().T
        effects = [root.conj().T @ k.conj().T @ k @ root for k in kraus]
        state = random_state(rng, 3)
        p = np.array([(state.conj() @ e @ state).real for e in effects])
        first, second = np.sort(p)[:-3:-1]
        threshold = hypothesis_testing.fidelity_threshold(first, second)
        for _ in range(20):
            other = random_state(rng, 3)
            other = other - (state.conj() @ other) * state
            other /= np.linalg.norm(other)
            angle = math.acos(math.sqrt(threshold)) * rng.uniform(0, 1)
            moved = math.cos(angle) * state + math.sin(angle) * other
            q = np.array([(moved.conj() @ e @ moved).real for e in effects])
            assert q.argmax() == p.argmax()


@pytest.mark.parametrize(("winner", "runner_up"), [(0.8, 0.2), (1.0, 0.0), (0.6, 0.4), (0.5, 0.2)])
def test_the_fidelity_threshold_has_its_equivalent_forms(winner, runner_up):
    """The threshold is cos^2 of half the angle between both probabilities, and beats Hoelder's."""
    threshold = hypothesis_testing.fidelity_threshold(winner, runner_up)
    half = (math.acos(math.sqrt(runner_up)) - math.acos(math.sqrt(winner))) / 2
    assert threshold == pytest.approx(math.cos(half) ** 2)
    if winner + runner_up == 1:
        assert threshold == pytest.approx(0.5 + math.sqrt(winner * runner_up))
    distance = math.sqrt(1 - threshold)
    assert distance >= (winner - runner_up) / 2 - 1e-12


def test_the_threshold_is_tight():
    """At the threshold a state exists for which both classes are equally likely."""
    threshold = hypothesis_testing.fidelity_threshold(0.8, 0.2)
    start, angle = math.acos(math.sqrt(0.8)), math.acos(math.sqrt(threshold))
    assert math.cos(start + angle) ** 2 == pytest.approx(0.5)


@pytest.mark.parametrize("pair", [(0.2, 0.8), (0.9, 0.3), (1.2, 0.0)])
def test_probabilities_that_are_none_are_refused(pair):
    """The threshold needs two ordered probabilities of one distribution."""
    with pytest.raises(InputError, match="distribution"):
        hypothesis_testing.fidelity_threshold(*pair)


@pytest.mark.parametrize("features", [1, 3, 8])
def test_the_radii_follow_from_the_fidelity_of_product_states(features):
    """Every move within a radius keeps prod cos^2(d/2) large enough, and some reach it."""
    rng = np.random.default_rng(features)
    for angle in (0.05, 0.3, 0.9):
        linf = hypothesis_testing.linf_radius(angle, features)
        l2 = hypothesis_testing.l2_radius(angle)
        cube = rng.uniform(-linf, linf, (2000, features))
        sphere = rng.normal(size=(2000, features))
        sphere *= l2 / np.linalg.norm(sphere, axis=1, keepdims=True)
        for moves in (cube, sphere):
            fidelity = np.prod(np.cos(moves / 2) ** 2, axis=1)
            assert (fidelity >= math.cos(angle) ** 2 - 1e-12).all()
        corner, axis = np.full(features, linf), np.eye(features)[0] * l2
        for move in (corner, axis):
            assert np.prod(np.cos(move / 2) ** 2) == pytest.approx(math.cos(angle) ** 2)


@pytest.mark.parametrize("seed", range(6))
def test_the_published_radius_never_exceeds_the_exact_one(seed, random_circuit):
    """On random circuits and heads the bound never exceeds the exact distance."""
    qubits, rng = 2 + seed % 2, np.random.default_rng(seed)
    circuit = random_circuit(seed, qubits)
    weight, bias = rng.normal(size=(3, qubits)), 0.3 * rng.normal(size=3)
    logits = circuit.contract_head(torch.tensor(weight), torch.tensor(bias))
    X = rng.uniform(0, np.pi, (30, qubits))
    y = logits(torch.tensor(X)).argmax(dim=1).numpy()
    bound = hypothesis_testing.radius(circuit, weight, bias, X, y)
    exact = certify.minimal_perturbation(logits, X, y, most=Radius(math.pi), tolerance=1e-4)
    assert max(item.linf for item in bound) > 0
    for published, item in zip(bound, exact, strict=True):
        distance = math.inf if item.upper is None else item.upper
        assert published.linf <= distance
        assert published.l2 <= distance * math.sqrt(qubits)


def test_states_at_the_angle_keep_the_order_of_logits(random_circuit):
    """Any state nearer than the angle keeps the label's logit above every rival's."""
    rng = np.random.default_rng(5)
    signs = np.array([[1, 1, -1, -1], [1, -1, 1, -1]])
    for _ in range(200):
        state, weight = random_state(rng, 4), rng.normal(size=(3, 2))
        values, bias = signs @ np.abs(state) ** 2, 0.2 * rng.normal(size=3)
        label = (weight @ values + bias).argmax()
        angles = hypothesis_testing.head_angles(values[None], weight, bias, np.array([label]))
        angle = angles.min()
        for _ in range(20):
            other = random_state(rng, 4)
            other = other - (state.conj() @ other) * state
            other /= np.linalg.norm(other)
            turn = angle * rng.uniform(0, 1)
            moved = math.cos(turn) * state + math.sin(turn) * other
            assert (weight @ (signs @ np.abs(moved) ** 2) + bias).argmax() == label


def test_misclassified_samples_and_equal_heads_have_their_radius(closed_form):
    """A rival that leads gives radius 0, a class that always leads gives the largest one."""
    tensor = np.zeros((1, 3))
    tensor[0, 1] = 1.0
    circuit = closed_form(tensor)
    (wrong,) = hypothesis_testing.radius(circuit, [[1.0], [-1.0]], [0.0, 0.0], [[0.1]], [1])
    assert (wrong.angle, wrong.linf, wrong.l2) == (0.0, 0.0, 0.0)
    (always,) = hypothesis_testing.radius(circuit, [[1.0], [1.0]], [1.0, 0.0], [[0.1]])
    assert always.linf == pytest.approx(math.pi)
    (large,) = hypothesis_testing.radius(circuit, [[1.0], [-1.0]], [5.0, 0.0], [[0.1]])
    assert large.fidelity == pytest.approx(0)
    assert "fidelity" in large.statement()


def test_shots_only_shrink_the_radius(random_circuit):
    """The fewer shots measured the probabilities, the smaller the certified radius."""
    circuit, X = random_circuit(2, 2), np.random.default_rng(2).uniform(0, np.pi, (20, 2))
    weight, bias = np.array([[2.0, 0.1], [-1.0, 0.3]]), np.zeros(2)
    radii = [
        np.array(
            [item.linf for item in hypothesis_testing.radius(circuit, weight, bias, X, shots=shots)]
        )
        for shots in (100, 10_000, None)
    ]
    assert (radii[0] <= radii[1]).all()
    assert (radii[1] <= radii[2]).all()
    assert radii[0].sum() < radii[2].sum()


def test_conditions_are_checked(random_form):
    """Repeated features, wrong heads, labels and shots are refused by name."""
    X = np.zeros((1, 2))
    with pytest.raises(InputError, match="feature 1 with degree 2"):
        hypothesis_testing.radius(random_form(0, (1, 2)), np.eye(3), np.zeros(3), X)
    circuit = random_form(0, (1, 1))
    with pytest.raises(InputError, match="head"):
        hypothesis_testing.radius(circuit, np.eye(2), np.zeros(2), X)
    with pytest.raises(InputError, match="class indices"):
        hypothesis_testing.radius(circuit, np.eye(3), np.zeros(3), X, [7])
    with pytest.raises(InputError, match="shots"):
        hypothesis_testing.radius(circuit, np.eye(3), np.zeros(3), X, shots=0)


def classifier(encoder, **settings):
    """Return a QNN with an untrained ansatz: fitted for no time at all."""
    n = encoder.num_qubits
    model = QNN(encoder, circuits.real_amplitudes(n, layers=1), epochs=1, **settings)
    X = np.random.default_rng(0).uniform(0, 1, (12, len(circuits.features(encoder))))
    return model.fit(X, np.arange(12) % 2), X


def test_a_model_is_certified_as_its_closed_form_is():
    """The bound of a trained model is that of its expectation values and head."""
    model, X = classifier(circuits.angle(3, axis="z"), dtype="complex128")
    found = hypothesis_testing.of_model(model, X)
    labels = np.array([item.label for item in found])
    angles = hypothesis_testing.head_angles(
        model.expectation_values(X), model.head_weight_, model.head_bias_, labels
    )
    np.testing.assert_allclose([item.angle for item in found], angles.min(axis=1))
    reach = [hypothesis_testing.linf_radius(item.angle, 3) for item in found]
    assert [item.linf for item in found] == reach
    exact = certify.minimal_perturbation(model.closed_form(), X, labels, most=Radius(3.0))
    for published, item in zip(found, exact, strict=True):
        assert published.linf <= (item.upper or 3.0)


@pytest.mark.parametrize(
    "encoder", [circuits.reupload(2, layers=2), circuits.zz_feature_map(2, repetitions=1)]
)
def test_encoders_without_a_product_are_refused(encoder):
    """Repeated features and gates on several qubits break the bound's condition, and are named."""
    model, X = classifier(encoder)
    with pytest.raises(InputError, match="not covered"):
        hypothesis_testing.of_model(model, X)


def test_models_without_a_head_or_pauli_labels_are_refused():
    """The bound for models needs a circuit, a head, and observables of known spectrum."""
    with pytest.raises(InputError, match="without expectation_values"):
        hypothesis_testing.of_model(object(), [[0.0]])
    model, X = classifier(circuits.angle(2), observables=[SparsePauliOp("ZZ", 3.0)])
    with pytest.raises(InputError, match="Pauli labels"):
        hypothesis_testing.of_model(model, X)
