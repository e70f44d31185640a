"""Closed forms to verify: of random coefficients, and of random circuits."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from redqubit.engine.closed_form import ClosedForm


def _closed_form(tensor, scales=None, offsets=None) -> ClosedForm:
    features = np.ndim(tensor) - 1
    scales = np.ones(features) if scales is None else scales
    offsets = np.zeros(features) if offsets is None else offsets
    return ClosedForm(torch.tensor(tensor), torch.tensor(scales), torch.tensor(offsets))


@pytest.fixture
def closed_form() -> Callable[..., ClosedForm]:
    """Build a closed form from arrays."""
    return _closed_form


@pytest.fixture
def random_form() -> Callable[..., ClosedForm]:
    """Build a closed form of random coefficients: few classes, any degrees."""

    def build(seed, degrees, classes=3, scales=None, offsets=None) -> ClosedForm:
        rng = np.random.default_rng(seed)
        shape = [2 * degree + 1 for degree in degrees]
        return _closed_form(rng.normal(size=(classes, *shape)), scales, offsets)

    return build


@pytest.fixture
def random_circuit() -> Callable[..., ClosedForm]:
    """Build the closed form of Z on every qubit after RX encoding and a Haar random unitary."""

    def build(seed, qubits) -> ClosedForm:
        rng = np.random.default_rng(seed)
        size = 2**qubits
        unitary, upper = np.linalg.qr(rng.normal(size=(size, size, 2)) @ [1, 1j])
        unitary = unitary * (np.diag(upper) / np.abs(np.diag(upper)))
        signs = [1 - 2 * ((np.arange(size) >> q) & 1) for q in range(qubits)]
        tensor = np.empty((qubits, *(3,) * qubits))
        grid = np.array([0, 2 * np.pi / 3, 4 * np.pi / 3])
        for index in np.ndindex(*(3,) * qubits):
            state = np.ones(1)
            for q in reversed(range(qubits)):
                angle = grid[index[q]] / 2
                state = np.kron(state, [np.cos(angle), -1j * np.sin(angle)])
            tensor[(slice(None), *index)] = signs @ np.abs(unitary @ state) ** 2
        inverse = np.linalg.inv(np.stack([np.ones(3), np.cos(grid), np.sin(grid)], axis=1))
        for axis in range(1, qubits + 1):
            tensor = np.moveaxis(np.tensordot(inverse, tensor, axes=(1, axis)), 0, axis)
        return _closed_form(tensor)

    return build
