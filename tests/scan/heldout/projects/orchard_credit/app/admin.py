"""Operator endpoints, mounted behind the VPN."""
import hmac
import io
import logging
import os

import httpx
import numpy as np
from fastapi import APIRouter, Body, Depends, Header, HTTPException

from .circuit import N_LAYERS, N_WIRES, expectation


def operator_only(x_operator_key: str = Header(default="")) -> None:
    expected = os.environ.get("ORCHARD_OPERATOR_KEY", "")
    if not expected or not hmac.compare_digest(x_operator_key.encode(), expected.encode()):
        raise HTTPException(403, "forbidden")


router = APIRouter(prefix="/admin", dependencies=[Depends(operator_only)])
log = logging.getLogger(__name__)

PROBE = [0.1, 0.2, 0.3, 0.4]


async def _pull(location: str) -> bytes:
    async with httpx.AsyncClient(timeout=20) as client:
        answer = await client.get(location)
        answer.raise_for_status()
        return answer.content


@router.post("/weights")
async def swap_weights(source: str = Body(..., embed=True)):
    blob = await _pull(source)
    try:
        candidate = np.load(io.BytesIO(blob), allow_pickle=False)
    except ValueError as exc:
        raise HTTPException(400, "not a .npy file") from exc
    if candidate.shape != (N_LAYERS, N_WIRES, 3) or not np.isfinite(candidate).all():
        raise HTTPException(400, "wrong shape or values")
    probe = expectation(PROBE, candidate)
    log.info("candidate weights answer %.4f on the probe", probe)
    return {"probe": probe}
