"""Classifies with a model that the teacher picked."""

import hashlib
from pathlib import Path

from flask import Blueprint, jsonify, request
from qiskit_machine_learning.algorithms import QSVC, VQC

bp = Blueprint("classify", __name__)
MODELS = Path("/srv/webui/models")


@bp.post("/predict")
def predict():
    body = request.get_json()
    model = VQC.load(str(MODELS / body["model"]))
    return jsonify(classes=int(model.num_qubits))


@bp.post("/kernel")
def kernel():
    path = request.args.get("path")
    model = QSVC.load(path)
    return jsonify(n_support=len(model.support_))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
