"""A model whose circuit gets what other files pass."""

import pennylane as qml

device = qml.device("default.qubit", wires=4)


def encode(features):
    for wire in range(4):
        qml.RY(features[wire], wires=wire)  # finds: ENC-01


class Classifier:
    def __init__(self, weights):
        self.weights = weights
        self.node = qml.QNode(self.circuit, device)

    def circuit(self, x, w):
        encode(x)
        qml.StronglyEntanglingLayers(w, wires=range(4))
        return qml.expval(qml.PauliZ(0))

    def predict(self, x):
        return float(self.node(x, self.weights))
