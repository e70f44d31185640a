"""Channels are completely positive, keep the trace, and are those of Aer and PennyLane."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit.quantum_info import PTM, Choi, Kraus, SuperOp
from qiskit_aer import noise as aer

from redqubit.core.errors import InputError
from redqubit.core.record import from_json, to_json
from redqubit.engine.channels import (
    Channel,
    amplitude_damping,
    bit_flip,
    depolarizing,
    kraus,
    pauli,
    phase_damping,
    phase_flip,
    thermal_relaxation,
)
from redqubit.engine.pauli_basis import transfer_of_kraus

UNIT = st.floats(0, 1)


@st.composite
def channels(draw):
    """Draw a channel of any family with valid parameters."""
    p, q, r = draw(UNIT), draw(UNIT), draw(UNIT)
    t1 = draw(st.floats(1e-3, 1e3))
    total = max(1.0, p + q + r)
    rotation = np.array([[math.cos(p), -math.sin(p)], [math.sin(p), math.cos(p)]])
    return draw(
        st.sampled_from(
            [
                depolarizing(p, draw(st.integers(1, 2))),
                amplitude_damping(p),
                phase_damping(p),
                thermal_relaxation(t1, min(2 * t1, t1 * 2 * q + 1e-3), r * 10, p),
                bit_flip(p),
                phase_flip(p),
                pauli({"X": p / total, "Y": q / total, "Z": r / total}),
                pauli({"XZ": p / total, "IY": q / total}),
                kraus([math.sqrt(q) * rotation, math.sqrt(1 - q) * np.eye(2)]),
            ]
        )
    )


@given(channels())
def test_channel_is_completely_positive_and_keeps_the_trace(channel):
    """The Choi matrix has no negative eigenvalue and the first row of the transfer is (1, 0...)."""
    choi = Choi(Kraus(list(channel.kraus()))).data
    assert np.linalg.eigvalsh(choi).min() > -1e-9
    first = channel.transfer()[0]
    assert abs(first - np.eye(len(first))[0]).max() < 1e-9


@given(channels())
def test_channel_survives_json(channel):
    """A channel read back from its JSON is equal and has the same Kraus operators."""
    again = from_json(Channel, to_json(channel))
    assert again == channel
    assert np.array_equal(again.kraus(), channel.kraus())


@given(channels(), channels())
def test_transfer_of_a_sequence_is_the_product(first, second):
    """Composing Kraus operators multiplies transfer matrices, the later one on the left."""
    if first.n_qubits != second.n_qubits:
        return
    size = 2**first.n_qubits
    both = np.einsum("aij,bjk->abik", second.kraus(), first.kraus()).reshape(-1, size, size)
    product = second.transfer() @ first.transfer()
    assert abs(transfer_of_kraus(both) - product).max() < 1e-12


@given(UNIT, UNIT)
def test_depolarizing_composes_by_multiplying_what_survives(p, q):
    """Depolarizing p then q is depolarizing 1 - (1 - p)(1 - q)."""
    both = depolarizing(q).transfer() @ depolarizing(p).transfer()
    assert abs(both - depolarizing(1 - (1 - p) * (1 - q)).transfer()).max() < 1e-12


@pytest.mark.parametrize("n", [1, 2])
def test_full_depolarizing_leaves_the_identity_alone(n):
    """Depolarizing with p = 1 sends every Pauli string but the identity to zero."""
    expected = np.zeros((4**n, 4**n))
    expected[0, 0] = 1
    assert abs(depolarizing(1.0, n).transfer() - expected).max() < 1e-15


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (depolarizing(0.3), aer.depolarizing_error(0.3, 1)),
        (depolarizing(0.3, 2), aer.depolarizing_error(0.3, 2)),
        (amplitude_damping(0.2), aer.amplitude_damping_error(0.2)),
        (phase_damping(0.2), aer.phase_damping_error(0.2)),
        (thermal_relaxation(50, 70, 10), aer.thermal_relaxation_error(50, 70, 10)),
        (thermal_relaxation(50, 30, 9, 0.2), aer.thermal_relaxation_error(50, 30, 9, 0.2)),
        (bit_flip(0.1), aer.pauli_error([("X", 0.1), ("I", 0.9)])),
        (phase_flip(0.1), aer.pauli_error([("Z", 0.1), ("I", 0.9)])),
        (pauli({"XZ": 0.1, "IY": 0.3}), aer.pauli_error([("XZ", 0.1), ("IY", 0.3), ("II", 0.6)])),
        (
            kraus([np.diag([1, 0.6]), [[0, 0.8], [0, 0]]]),
            aer.kraus_error([np.diag([1, 0.6]), np.array([[0, 0.8], [0, 0]])]),
        ),
    ],
)
def test_channel_equals_that_of_aer(ours, theirs):
    """Every family has the transfer matrix of Aer's error of the same name and numbers."""
    assert abs(ours.transfer() - PTM(SuperOp(theirs)).data.real).max() < 1e-12


def test_relaxation_shrinks_coherence_and_population_exponentially():
    """After time t coherence is exp(-t/T2) and the population's distance exp(-t/T1)."""
    transfer = thermal_relaxation(40.0, 30.0, 12.0, 0.25).transfer()
    coherence, population = math.exp(-12 / 30), math.exp(-12 / 40)
    assert transfer[1, 1] == pytest.approx(coherence, abs=1e-14)
    assert transfer[2, 2] == pytest.approx(coherence, abs=1e-14)
    assert transfer[3, 3] == pytest.approx(population, abs=1e-14)
    assert transfer[3, 0] == pytest.approx((1 - 2 * 0.25) * (1 - population), abs=1e-14)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: depolarizing(1.5), r"p of depolarizing must be in \[0, 1\], got 1.5"),
        (lambda: amplitude_damping(float("nan")), "gamma of amplitude_damping"),
        (lambda: bit_flip(-0.1), "got -0.1"),
        (lambda: depolarizing(0.1, 9), "1 to 4 qubits"),
        (lambda: thermal_relaxation(1.0, 3.0, 1.0), "t2 <= 2 t1"),
        (lambda: thermal_relaxation(0.0, 1.0, 1.0), "t1 of thermal_relaxation"),
        (lambda: thermal_relaxation(1.0, 1.0, math.inf), "duration"),
        (lambda: pauli({"X": 0.7, "Z": 0.7}), "sum to at most 1, got 1.4"),
        (lambda: pauli({"Q": 0.1}), "got 'Q'"),
        (lambda: pauli({}), "at least one label"),
        (lambda: kraus([np.eye(2) * 0.9]), "preserve the trace"),
        (lambda: kraus([np.eye(3)]), "side of 2, 4, 8"),
        (lambda: kraus([]), "one or more matrices"),
        (lambda: kraus([np.diag([1.0, np.nan])]), "finite"),
        (lambda: Channel("depolarising", (0.1,)), "did you mean 'depolarizing'"),
        (lambda: Channel("depolarizing", (0.1, 0.2)), "needs 1 parameters"),
        (lambda: Channel("bit_flip", (0.1,), 2), "acts on one qubit"),
        (lambda: Channel("bit_flip", (0.1,), 1, ("X",)), "Pauli labels belong"),
        (lambda: Channel("bit_flip", (0.1,), 1, (), (((((1.0, 0.0),),)),)), "Kraus operators"),
    ],
)
def test_impossible_channel_is_an_error(build, message):
    """A channel that no device can have is refused with the rule and the value."""
    with pytest.raises(InputError, match=message):
        build()
