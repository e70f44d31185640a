"""Scripts whose input somebody else wrote."""

import sys

import numpy as np
import pandas as pd
import pennylane as qml
from qiskit.circuit.library import RYGate

dev = qml.device("default.qubit", wires=3)


def circuit(x):
    qml.AngleEmbedding(x, wires=range(3), rotation="Y")  # finds: ENC-01
    return [qml.expval(qml.PauliZ(wire)) for wire in range(3)]


model = qml.QNode(circuit, dev)
table = pd.read_csv(sys.argv[1])
outputs = [model(row) for row in table.to_numpy()]

gate = RYGate(np.loadtxt(sys.argv[2])[0])  # finds: ENC-01
