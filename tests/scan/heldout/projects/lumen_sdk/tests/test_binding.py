import json
import hashlib
import pickle

import pytest
from qiskit.circuit.library import RealAmplitudes

from lumen.binding import BindError, bind_checked


@pytest.fixture
def circuit():
    return RealAmplitudes(2, reps=1)


def write(tmp_path, values):
    target = tmp_path / "theta.json"
    target.write_text(json.dumps(values))
    return target, hashlib.sha256(target.read_bytes()).hexdigest()


def test_roundtrip(tmp_path, circuit):
    values = {p.name: 0.1 * i for i, p in enumerate(circuit.parameters)}
    path, digest = write(tmp_path, values)
    assert bind_checked(circuit, path, digest).num_parameters == 0


def test_changed_file(tmp_path, circuit):
    path, _ = write(tmp_path, {})
    with pytest.raises(BindError):
        bind_checked(circuit, path, "0" * 64)


def test_circuit_survives_pickle(circuit):
    copy = pickle.loads(pickle.dumps(circuit))
    assert copy == circuit
