"""Sign-gradient attack on the inputs of a QNode."""

import numpy as np
import pennylane as qml


def sign_step(classify, x: np.ndarray, label: int, radius: float) -> np.ndarray:
    """Return x moved by ``radius`` (L-inf, radians) against the margin."""
    margin = qml.grad(lambda v: label * classify(v), argnums=0)
    step = np.sign(margin(qml.numpy.array(x, requires_grad=True)))
    return np.clip(x - radius * step, 0.0, np.pi)


def robust_accuracy(classify, X, y, radius: float) -> float:
    hits = [np.sign(classify(sign_step(classify, x, t, radius))) == t for x, t in zip(X, y, strict=True)]
    return float(np.mean(hits))
