import pennylane as qml
from positive_store import dump


def train(cost, weights):
    optimizer = qml.AdamOptimizer(0.1)
    for _ in range(50):
        weights = optimizer.step(cost, weights)
        dump(weights)
    return weights
