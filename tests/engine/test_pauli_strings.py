"""Observables become weighted strings, with what the readout adds to them."""

import numpy as np
import pytest
from qiskit.quantum_info import SparsePauliOp

from redqubit.engine.noise import Noise, Readout
from redqubit.engine.observables import parse
from redqubit.engine.pauli_strings import Strings


def strings(observables, n, readout=None):
    """Return the strings of observables."""
    maps = None if readout is None else Noise(readout=readout).readout_transfers(n)
    return Strings.of(parse(observables, n), n, maps)


def as_mapping(found, column=0):
    """Return {letters of qubits 0, 1, ...: weight} of one observable."""
    table = zip(found.letters, found.weights[:, column], strict=True)
    return {"".join("IXYZ"[p] for p in row): weight for row, weight in table}


def test_shared_strings_are_stored_once():
    """Two observables over three different strings need three rows."""
    found = strings([SparsePauliOp(["ZI", "XY"], [0.5, 2.0]), "XY", "IZ"], 2)
    assert as_mapping(found) == {"IZ": 0.5, "YX": 2.0, "ZI": 0.0}
    assert as_mapping(found, 1) == {"IZ": 0.0, "YX": 1.0, "ZI": 0.0}
    assert found.active == {0, 1}


def test_readout_adds_shorter_strings():
    """Each Pauli of a string is scaled and shifted by its own qubit's readout."""
    found = strings(["XZ"], 2, (Readout(0.1, 0.3), Readout(0.0, 0.2)))
    expected = {"II": 0.2 * 0.2, "ZI": 0.6 * 0.2, "IX": 0.2 * 0.8, "ZX": 0.6 * 0.8}
    assert as_mapping(found) == pytest.approx(expected)


def test_some_observables_keep_their_strings_only():
    """Choosing one observable drops the others' strings and qubits."""
    found = strings(["ZII", "IIX"], 3).only([1])
    assert as_mapping(found) == {"XII": 1.0}
    assert found.active == {0}


def test_rows_count_in_the_order_of_the_wires():
    """A string's index has its first wire as the slowest digit; a wire of size 1 has none."""
    found = strings(["ZYI"], 3)
    assert found.rows((2, 1, 0), (4, 4, 4)).tolist() == [3 * 16 + 2 * 4]
    assert found.rows((1, 0, 2), (4, 1, 4)).tolist() == [2 * 4 + 3]
    assert found.rows((1, 0, 2), (4, 1, 4)).dtype == np.int64
