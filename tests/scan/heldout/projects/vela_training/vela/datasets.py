"""Data sets of the study, split before anything is fitted."""
import numpy as np
from pennylane import numpy as pnp
from sklearn.datasets import load_wine, make_moons
from sklearn.decomposition import PCA
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler


def _scaled(X, y, steps, seed: int):
    X_train, X_test, y_train, y_test = train_test_split(
        X, y, test_size=0.25, stratify=y, random_state=seed)
    pipe = make_pipeline(*steps)
    A = pipe.fit_transform(X_train)
    B = np.clip(pipe.transform(X_test), 0, np.pi)
    freeze = lambda a: pnp.array(a, requires_grad=False)
    return freeze(A), freeze(B), freeze(y_train), freeze(y_test)


def moons(n: int = 120, seed: int = 5):
    X, labels = make_moons(n_samples=n, noise=0.1, random_state=seed)
    return _scaled(X, 2 * labels - 1, [MinMaxScaler((0, np.pi))], seed)


def wine(components: int = 4, seed: int = 5):
    X, labels = load_wine(return_X_y=True)
    keep = labels < 2
    steps = [PCA(components, random_state=seed), MinMaxScaler((0, np.pi))]
    return _scaled(X[keep], 2 * labels[keep] - 1, steps, seed)
