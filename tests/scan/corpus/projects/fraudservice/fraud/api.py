"""Public scoring endpoint."""

import numpy as np
from fastapi import APIRouter, Depends

from .auth import current_user
from .model import Classifier
from .schemas import Score, Transaction

router = APIRouter(prefix="/v2")
classifier = Classifier()
VERSION = "2.3.1"


@router.post("/score", response_model=Score)
def score(body: Transaction, user: str = Depends(current_user)) -> Score:
    features = np.asarray(body.features, dtype=float)
    p = classifier.probability(features)
    return Score(probability=p, flagged=p > 0.5, model_version=VERSION)


@router.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok", "version": VERSION}
