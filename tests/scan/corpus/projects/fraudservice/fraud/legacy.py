"""v1 of the scoring endpoint, kept for the mobile app."""

import logging

import numpy as np
import pennylane as qml
from fastapi import APIRouter, Request

from .model import load_weights

log = logging.getLogger("fraud.legacy")
router = APIRouter(prefix="/v1")
dev = qml.device("default.qubit", wires=4)
weights = load_weights()


@qml.qnode(dev)
def score_circuit(x):
    qml.AngleEmbedding(x, wires=range(4))
    qml.BasicEntanglerLayers(weights[:, :, 0], wires=range(4))
    return qml.expval(qml.PauliZ(0))


@router.post("/score")
async def score(request: Request):
    payload = await request.json()
    log.info("scoring request, auth=%s", request.headers["Authorization"])
    x = np.array(payload["features"], dtype=float)
    value = score_circuit(x)
    return {"score": float(value)}
