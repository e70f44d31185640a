"""Amplitude encoding with a guard for empty spectra."""

import numpy as np
import pennylane as qml
from fastapi import APIRouter, HTTPException, Request

router = APIRouter()
N = 4
dev = qml.device("default.qubit", wires=N)


@qml.qnode(dev)
def state(x):
    qml.AmplitudeEmbedding(x, wires=range(N), normalize=True)
    return qml.probs(wires=range(N))


@qml.qnode(dev)
def plus():
    qml.AmplitudeEmbedding([0.5, 0.5, 0.5, 0.5], wires=[0, 1])
    return qml.probs(wires=[0, 1])


@router.post("/state")
async def state_route(request: Request):
    body = await request.json()
    x = np.asarray(body["x"], dtype=float)
    if x.shape != (2**N,) or not np.all(np.isfinite(x)):
        raise HTTPException(422, "16 finite values are expected")
    norm = np.linalg.norm(x)
    if norm < 1e-9:
        raise HTTPException(422, "the spectrum is empty")
    return {"p": state(x / norm).tolist()}
