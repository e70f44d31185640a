"""What callers pass to a basis state."""

import json

import numpy as np
import pennylane as qml

device = qml.device("default.qubit", wires=4)


@qml.qnode(device)
def node(bits):
    qml.BasisState(bits, wires=range(4))
    return qml.probs(wires=range(4))


def levels():
    return node([0, 3, 1, 2])  # finds: ENC-05


def patterns(seed):
    rng = np.random.default_rng(seed)
    rows = rng.uniform(size=(3, 4))
    return [node(row) for row in rows]  # finds: ENC-05


def survey(path):
    table = np.loadtxt(path)
    return [node(row.astype(int)) for row in table]  # finds: ENC-05


class Consumer:
    def on_message(self, channel, method, properties, body):
        return node(json.loads(body)["bits"])  # finds: ENC-05
