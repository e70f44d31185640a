"""The pilot's variational circuit."""
from __future__ import annotations

import numpy as np
import pennylane as qml

N_WIRES = 4
N_LAYERS = 3

_dev = qml.device("default.qubit", wires=N_WIRES)


@qml.qnode(_dev)
def _qnode(angles, theta):
    qml.AngleEmbedding(angles, wires=range(N_WIRES), rotation="Y")
    qml.StronglyEntanglingLayers(theta, wires=range(N_WIRES))
    return qml.expval(qml.PauliZ(0))


class BadAngles(ValueError):
    pass


def expectation(angles, theta) -> float:
    """Checked entry point; angles outside [0, pi] never reach the device."""
    vec = np.asarray(angles, dtype=float)
    if vec.shape != (N_WIRES,):
        raise BadAngles(f"expected {N_WIRES} angles, got shape {vec.shape}")
    if not np.isfinite(vec).all() or vec.min() < 0.0 or vec.max() > np.pi:
        raise BadAngles("angles must be finite and within [0, pi]")
    return float(_qnode(vec, theta))


def raw_expectation(angles, theta) -> float:
    return float(_qnode(angles, theta))


def zero_theta() -> np.ndarray:
    return np.zeros(qml.StronglyEntanglingLayers.shape(N_LAYERS, N_WIRES))
