"""A small assessment that trains in well under a second."""

import copy

import pytest
import yaml

SMALL = {
    "name": "moons, 2 qubits",
    "seed": 3,
    "data": {"name": "moons", "samples": 200},
    "train": 60,
    "test": 40,
    "model": {
        "name": "qnn",
        "encoder": {"name": "angle", "n": 2},
        "ansatz": {"name": "strongly_entangling", "n": 2, "layers": 2},
        "epochs": 4,
    },
    "attacks": [
        {"name": "fast_gradient_sign", "radius": 0.4, "sweep": {"radius": [0.2, 0.4]}},
        {"name": "label_flip", "fraction": 0.4},
        {"name": "fourier_extraction"},
    ],
    "defenses": ["prediction_rounding"],
    "certify": [0.1, 0.4],
}


@pytest.fixture(scope="session")
def shared_small():
    """Return the data of the assessment file, for tests that do not change it."""
    return SMALL


@pytest.fixture
def small():
    """Return the data of the assessment file, fresh for each test."""
    return copy.deepcopy(SMALL)


@pytest.fixture
def small_file(tmp_path, small):
    """Write the assessment to a file."""
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump(small))
    return path
