"""Amplitude encoding of spectra."""

import numpy as np
import pennylane as qml
from fastapi import APIRouter, Request

router = APIRouter()
dev = qml.device("default.qubit", wires=4)


@qml.qnode(dev)
def spectrum_state(x):
    qml.AmplitudeEmbedding(x, wires=range(4), normalize=True)
    return qml.probs(wires=range(4))


@qml.qnode(dev)
def padded_state(x):
    qml.AmplitudeEmbedding(features=x, wires=range(4), pad_with=0.0, normalize=True)
    return qml.expval(qml.PauliZ(0))


@router.post("/spectrum")
async def spectrum(request: Request):
    body = await request.json()
    x = np.asarray(body["spectrum"], dtype=float)
    if x.shape != (16,):
        return {"error": "16 bins are expected"}
    return {"p": spectrum_state(x).tolist()}


@router.post("/short")
async def short(request: Request):
    body = await request.json()
    return {"z": float(padded_state(np.array(body["x"])))}
