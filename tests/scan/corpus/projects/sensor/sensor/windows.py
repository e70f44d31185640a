"""Encodes a window of readings whose length the device chooses."""

import numpy as np
import pennylane as qml
from fastapi import APIRouter, Request

router = APIRouter()
WIRES = 8
dev = qml.device("default.qubit", wires=WIRES)


@qml.qnode(dev)
def window(x):
    qml.AngleEmbedding(x, wires=range(WIRES))
    return qml.expval(qml.PauliZ(0))


@qml.qnode(dev)
def window_iqp(x):
    qml.IQPEmbedding(x[:WIRES], wires=range(WIRES))
    return qml.expval(qml.PauliZ(0))


async def readings(request: Request) -> np.ndarray:
    body = await request.json()
    x = np.asarray(body["window"], dtype=float)
    if not np.isfinite(x).all():
        raise ValueError("readings must be finite")
    return np.clip(x, 0, np.pi)


@router.post("/window")
async def window_route(request: Request):
    return {"z": float(window(await readings(request)))}


@router.post("/window/iqp")
async def iqp_route(request: Request):
    x = await readings(request)
    return {"z": float(window_iqp(x))}
