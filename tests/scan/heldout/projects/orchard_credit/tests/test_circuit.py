import numpy as np
import pytest

from app import circuit
from app.schemas import Applicant


def test_zero_weights_give_cosine():
    theta = circuit.zero_theta()
    assert circuit.expectation([0.0] * 4, theta) == pytest.approx(1.0)


@pytest.mark.parametrize("bad", [[np.nan, 0, 0, 0], [0, 0, 0], [9.0, 0, 0, 0]])
def test_rejects(bad):
    with pytest.raises(circuit.BadAngles):
        circuit.expectation(bad, circuit.zero_theta())


def test_schema_bounds():
    with pytest.raises(ValueError):
        Applicant(reference="AB-1234", angles=[0.1, 0.2, 0.3, float("inf")])


def test_random_weights_are_bounded():
    rng = np.random.default_rng(7)
    theta = rng.uniform(0, np.pi, circuit.zero_theta().shape)
    assert abs(circuit.expectation([0.3, 0.1, 0.2, 0.9], theta)) <= 1.0
