"""Operator endpoints: upload, hot swap, reset."""

import numpy as np
from fastapi import APIRouter, Request, UploadFile

from . import storage
from .training import TRAINER

router = APIRouter(prefix="/admin")


@router.post("/upload")
async def upload_model(file: UploadFile):
    blob = await file.read()
    model = storage.load_blob(blob)
    return {"type": type(model).__name__}


@router.put("/theta")
async def set_theta(request: Request):
    body = await request.json()
    TRAINER.theta = np.asarray(body["theta"], dtype=float)
    return {"ok": True}


@router.get("/theta/norm")
def theta_norm() -> dict[str, float]:
    return {"norm": float(np.linalg.norm(TRAINER.theta))}
