"""Scores an uploaded CSV row by row."""

import csv
import io

import pennylane as qml
from fastapi import APIRouter, UploadFile

from .model import N_WIRES, load_weights
from .validation import checked

router = APIRouter()
MAX_BYTES = 1 << 20
MAX_ROWS = 500
dev = qml.device("lightning.qubit", wires=N_WIRES)
theta = load_weights()


@qml.qnode(dev)
def score_row(x, params):
    qml.AngleEmbedding(x, wires=range(N_WIRES))
    qml.StronglyEntanglingLayers(params, wires=range(N_WIRES))
    return qml.expval(qml.PauliZ(0))


@router.post("/batch")
async def batch(upload: UploadFile):
    blob = await upload.read(MAX_BYTES)
    rows = list(csv.reader(io.StringIO(blob.decode("utf-8"))))[:MAX_ROWS]
    scores = []
    for row in rows:
        x = checked([float(v) for v in row], N_WIRES)
        scores.append(float(score_row(x, theta)))
    return {"scores": scores}
