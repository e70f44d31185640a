"""One small quantum victim for all defenses, trained once."""

import numpy as np
import pytest
import torch

from redqubit import circuits
from redqubit.models import datasets
from redqubit.models.preprocess import Preprocess
from redqubit.models.qnn import QNN
from redqubit.models.split import Split, split
from redqubit.models.victim import Victim


@pytest.fixture(scope="session", autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def data() -> Split:
    """Return digits 0, 1 and 2 on three features, split and scaled to [0, pi]."""
    X, y = datasets.load("digits", classes=[0, 1, 2])
    preprocess = Preprocess("pca", features=3)
    return split(X, y, preprocess, train=150, test=100, seed=3, name="digits")


@pytest.fixture(scope="session")
def victim(data) -> Victim:
    """Return a trained classifier of three qubits."""
    model = QNN(
        circuits.angle(3),
        circuits.strongly_entangling(3, layers=3),
        epochs=15,
        learning_rate=0.05,
        dtype="complex128",
    )
    trained = Victim.train(model, data, seed=3)
    assert (trained.model.predict(data.X_test) == data.y_test).mean() > 0.8
    return trained


@pytest.fixture(scope="session")
def labels(data) -> np.ndarray:
    """Return the class indices of the test samples."""
    return np.searchsorted(data.classes, data.y_test)
