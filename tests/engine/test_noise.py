"""The noise record: which channels follow which gate, readout, and its stored form."""

import copy
import json

import numpy as np
import pytest

from redqubit.core.errors import InputError
from redqubit.engine.channels import (
    amplitude_damping,
    bit_flip,
    depolarizing,
    kraus,
    pauli,
    phase_flip,
)
from redqubit.engine.noise import Noise, Readout

A, B, C, D, E = (bit_flip(p) for p in (0.1, 0.2, 0.3, 0.4, 0.5))


def everything():
    """Return a noise that uses every field."""
    return Noise(
        one_qubit=(depolarizing(0.01), amplitude_damping(0.02)),
        two_qubit=(depolarizing(0.03, 2), phase_flip(0.01)),
        by_gate={"rz": (), "cx 1,0": pauli({"XX": 0.1})},
        by_qubits={"0": (kraus([np.eye(2)]),), "1,0": (A,)},
        encoding=(B,),
        readout=(Readout(0.02, 0.05),),
    )


def test_most_specific_channels_win():
    """Gate with qubits beats gate, which beats encoding, then qubits, then the width's default."""
    noise = Noise(
        one_qubit=A,
        two_qubit=(A, A),
        by_gate={"cx 1,0": B, "rx": C},
        by_qubits={"0,1": D, (2,): D},
        encoding=E,
    )
    assert noise.after("cx", (1, 0)) == (B,)
    assert noise.after("cx", (0, 1)) == (D,)
    assert noise.after("cz", (1, 0)) == (D,)
    assert noise.after("cx", (0, 2)) == (A, A)
    assert noise.after("rx", (0,), encodes=True) == (C,)
    assert noise.after("ry", (2,), encodes=True) == (E,)
    assert noise.after("ry", (2,)) == (D,)
    assert noise.after("ry", (0,)) == (A,)
    assert noise.after("ccx", (0, 1, 2)) == (A, A)


def test_one_qubit_channels_follow_on_every_touched_wire():
    """After a two-qubit gate a one-qubit channel acts on both wires, a joint one on the pair."""
    noise = Noise(two_qubit=(amplitude_damping(0.1), pauli({"XI": 0.2})))
    single = amplitude_damping(0.1).transfer()
    expected = pauli({"XI": 0.2}).transfer() @ np.kron(single, single)
    assert abs(noise.transfer_after("cx", (0, 1)) - expected).max() < 1e-15
    assert noise.transfer_after("h", (0,)) is None


def test_joint_channel_on_a_gate_of_another_width_is_an_error():
    """A two-qubit channel cannot follow a three-qubit gate; the message names both."""
    noise = Noise(two_qubit=depolarizing(0.1, 2))
    with pytest.raises(InputError, match="'ccx' on 3"):
        noise.transfer_after("ccx", (0, 1, 2))


def test_readout_scales_and_shifts_the_measured_pauli():
    """<Z> becomes (1 - P(1|0) - P(0|1)) <Z> + P(0|1) - P(1|0), the identity stays."""
    transfer = Readout(0.1, 0.3).transfer()
    assert transfer[:, 3] == pytest.approx([0.2, 0, 0, 0.6])
    assert transfer[:, 0] == pytest.approx([1, 0, 0, 0])


def test_readout_counts_must_fit_the_circuit():
    """One readout serves all qubits; another number than n is an error."""
    noise = Noise(readout=(Readout(0.1, 0.1), Readout(0.2, 0.2)))
    assert len(Noise(readout=Readout(0.1, 0.1)).readout_transfers(3)) == 3
    assert noise.readout_transfers(2)[1][3, 3] == pytest.approx(0.6)
    assert Noise().readout_transfers(3) is None
    with pytest.raises(InputError, match="one entry for all qubits or 3, got 2"):
        noise.readout_transfers(3)


def test_noise_survives_json_and_copying():
    """A noise read back from JSON text, or copied, is equal and acts the same."""
    noise = everything()
    again = Noise.from_json(json.loads(json.dumps(noise.to_json())))
    assert again == noise == copy.deepcopy(noise)
    assert np.array_equal(again.transfer_after("cz", (0, 1)), noise.transfer_after("cz", (0, 1)))


def test_ideal_noise_has_no_channel():
    """Only a noise without any channel and readout error is ideal."""
    assert Noise().ideal
    assert Noise(by_gate={"cx": ()}).ideal
    assert not everything().ideal
    assert not Noise(readout=Readout(0.0, 0.1)).ideal


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Noise(one_qubit=depolarizing(0.1, 2)), "one_qubit takes one-qubit channels"),
        (lambda: Noise(two_qubit=0.01), "two_qubit takes channels"),
        (lambda: Noise(by_gate=[A]), "by_gate maps keys"),
        (lambda: Noise(by_gate={"": A}), "names a gate"),
        (lambda: Noise(by_gate={"cx 0,0": A}), "different qubits"),
        (lambda: Noise(by_qubits={"a": A}), "different qubits"),
        (lambda: Noise(by_qubits={"0": "depolarizing"}), "takes channels"),
        (lambda: Noise(readout=(0.1, 0.2)), "takes Readout records"),
        (lambda: Readout(-0.1, 0.2), r"one_given_zero must be in \[0, 1\]"),
        (lambda: Noise.from_json({"one_qbit": []}), "did you mean 'one_qubit'"),
        (lambda: Noise.from_json({"readout": [{"one_given_zero": 0.1}]}), "zero_given_one"),
    ],
)
def test_noise_that_makes_no_sense_is_an_error(build, message):
    """Wrong keys, values and types are refused with the rule."""
    with pytest.raises(InputError, match=message):
        build()
