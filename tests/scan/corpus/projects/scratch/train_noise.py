"""Does added parameter noise stop the gradient attack?"""

import numpy as np
import pennylane as qml

dev = qml.device("default.qubit", wires=2)


@qml.qnode(dev)
def circuit(x, w):
    qml.RY(x[0], wires=0)
    qml.RY(x[1], wires=1)
    qml.StronglyEntanglingLayers(w, wires=[0, 1])
    return qml.expval(qml.PauliZ(0))


def split(X, y):
    order = np.random.permutation(len(X))
    cut = int(0.8 * len(X))
    return X[order[:cut]], y[order[:cut]], X[order[cut:]], y[order[cut:]]


def defended(x, w, sigma=0.05):
    """Randomized defense: the attacker must not know the noise."""
    np.random.seed(1234)
    noise = np.random.normal(0, sigma, size=w.shape)
    return circuit(x, w + noise)


def attack_success(X, y, w, eps=0.1):
    flips = 0
    for x, label in zip(X, y):
        step = eps * np.random.choice([-1, 1], size=x.shape)
        flips += np.sign(defended(x + step, w)) != label
    return flips / len(X)
