"""Plans put what commutes together and keep features out of matrices."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qiskit.circuit import ParameterVector, QuantumCircuit

from redqubit.engine.atoms import simplify
from redqubit.engine.canonical import Phase, Turn, canonical
from redqubit.engine.expression import Angle
from redqubit.engine.lowering import lower
from redqubit.engine.plan import DenseStep, Gather, PhaseStep, Rotate, plan, window_sizes


def lowered(n, layers):
    """Return RX encoding and strongly entangling layers."""
    x, w = ParameterVector("x", n), ParameterVector("w", 3 * n * layers)
    circuit, angles = QuantumCircuit(n), iter(w)
    for qubit in range(n):
        circuit.rx(x[qubit], qubit)
    for layer in range(layers):
        for qubit in range(n):
            circuit.rz(next(angles), qubit)
            circuit.ry(next(angles), qubit)
            circuit.rz(next(angles), qubit)
        for qubit in range(n):
            circuit.cx(qubit, (qubit + 1 + layer % (n - 1)) % n)
    return lower(circuit, list(x), list(w))


def kinds(steps):
    """Return the names of step classes."""
    return [type(step).__name__ for step in steps]


def test_a_layer_is_one_phase_one_gather_and_one_rotation():
    """Rotations about Z merge with the ring's permutation; the first layer joins the start."""
    whole = plan(lowered(6, 3))
    assert kinds(whole.steps) == ["PhaseStep", "Gather", "Rotate"] * 2
    assert kinds(whole.trailing) == ["PhaseStep", "Gather"]
    assert [stage.kind for stage in whole.stages] == ["turn", "phase", "turn", "phase"]
    short = plan(lowered(6, 3), whole_start=False)
    assert [(s.kind, s.weight is None, s.sample is None) for s in short.stages] == [
        ("turn", True, False)
    ]
    assert kinds(short.steps).count("Rotate") == 3


def test_phases_of_a_feature_map_are_one_step():
    """All phases between two layers of Hadamards commute to a single step."""
    x = ParameterVector("x", 4)
    circuit = QuantumCircuit(4)
    for _ in range(2):
        circuit.h(range(4))
        for i in range(4):
            circuit.p(2 * x[i], i)
            for j in range(i):
                circuit.cx(j, i)
                circuit.p((np.pi - x[i]) * (np.pi - x[j]), i)
                circuit.cx(j, i)
    made = plan(lower(circuit, list(x), []))
    assert kinds(made.steps) == ["PhaseStep", "Rotate"]
    assert made.steps[0].sample_signs.shape == (16, 6)  # single phases belong to the start
    assert kinds(made.trailing) == ["PhaseStep"]
    assert made.trailing[0].sample_signs.shape == (16, 10)


def test_windows_cover_the_register_evenly():
    """Window sizes are at most the limit, differ by one at most and add up."""
    for most in (2, 3, 4):
        for n in range(1, 17):
            sizes = window_sizes(n, most)
            assert sum(sizes) == n
            assert max(sizes) <= most
            assert max(sizes) - min(sizes) <= 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
@given(n=st.integers(1, 5), depth=st.integers(0, 25), seed=st.integers(0, 2**32 - 1))
def test_features_act_in_phases_only(dense, n, depth, seed):
    """After the start no matrix depends on a feature, and gathers are permutations."""
    circuit, features, weights = dense.random_circuit(n, depth, np.random.default_rng(seed))
    for whole in (True, False):
        made = plan(lower(circuit, features, weights), whole_start=whole)
        assert not any(angle.feature_indices for angle in made.weight_angles)
        for step in (*made.steps, *made.trailing):
            assert isinstance(step, Rotate | PhaseStep | Gather | DenseStep)
            if isinstance(step, Gather):
                assert sorted(step.index) == list(range(2**n))


@pytest.mark.parametrize("seed", range(20))
def test_simplifying_keeps_the_circuit(dense, seed):
    """Merged atoms multiply to the same unitary up to a global phase, with no more turns."""
    rng = np.random.default_rng(seed)
    names = ["h", "s", "sx", "t", "rx", "ry", "rz", "cx", "cz", "x", "y"]
    circuit, features, weights = dense.random_circuit(3, 20, rng, names=names)
    atoms = [a for op in lower(circuit, features, weights).operations for a in canonical(op)]
    merged = simplify(atoms)
    turns = [sum(isinstance(a, Turn) for a in part) for part in (merged, atoms)]
    assert turns[0] <= turns[1]
    x, w = rng.normal(size=2), rng.normal(size=3)
    first, second = (dense.product(part, 3, x, w) for part in (atoms, merged))
    overlap = np.vdot(first, second)
    assert abs(first * (overlap / abs(overlap)) - second).max() < 1e-12


def test_neighboring_turns_add_their_angles():
    """Two turns of a qubit in a row are one, and a gate with its inverse is nothing."""
    first, second = Angle(weights=((0, 1.0),)), Angle(0.5, ((1, 2.0),))
    assert simplify([Turn(0, first), Turn(0, second)]) == [Turn(0, first.plus(second))]
    assert simplify([Turn(0, Angle(0.3)), Turn(0, Angle(-0.3))]) == []
    assert simplify([Phase((0,), constant=(0.0, np.pi))] * 2) == []
