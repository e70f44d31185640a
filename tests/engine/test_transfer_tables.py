"""The batched building blocks of transfer matrices."""

import math

import numpy as np
import torch

from redqubit.engine.transfer_factors import half_basis
from redqubit.engine.transfer_tables import kron, trigonometric_terms


def test_terms_are_the_basis_in_which_gates_are_fitted():
    """Torch's terms are products of the numpy basis, the last angle running fastest."""
    angles = np.random.default_rng(0).normal(size=(5, 2))
    harmonics = [(1, 2), (2, 4)]
    found = trigonometric_terms(torch.tensor(angles), harmonics).numpy()
    first, second = (half_basis(angles[:, i], harmonics[i]) for i in range(2))
    assert abs(found - np.einsum("bi,bj->bij", first, second).reshape(5, -1)).max() < 1e-15
    assert trigonometric_terms(torch.zeros(3, 0), []).tolist() == [[1.0]] * 3


def test_kron_has_its_first_factor_least_significant():
    """The Kronecker product equals numpy's of the factors in reverse, batch by batch."""
    rng = np.random.default_rng(1)
    first, second, third = (torch.tensor(rng.normal(size=(2, 4, 4))) for _ in range(3))
    found = kron([first, second, third]).numpy()
    for i in range(2):
        expected = np.kron(third[i], np.kron(second[i], first[i]))
        assert math.isclose(abs(found[i] - expected).max(), 0.0, abs_tol=1e-14)
