import numpy as np
import pennylane as qml
from braket.aws import AwsQuantumJob
from fastapi import FastAPI

app = FastAPI()
STORED = "/srv/model/weights.npy"
dev = qml.device("default.qubit", wires=2)


@qml.qnode(dev)
def model(x, weights):
    qml.AngleEmbedding(x, wires=range(2))
    qml.BasicEntanglerLayers(weights, wires=range(2))
    return qml.expval(qml.PauliZ(0))


def publish(weights):
    np.save(STORED, weights)


@app.get("/score")
def score():
    weights = np.load(STORED)
    return float(model([0.1, 0.2], weights))  # finds: VAR-01 medium


def landscape(arn):
    found = AwsQuantumJob(arn).result()
    weights = np.array(found["weights"])
    return model([0.1, 0.2], weights)  # finds: VAR-01 high
