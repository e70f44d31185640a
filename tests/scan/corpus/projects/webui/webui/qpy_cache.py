"""Circuit cache in QPY; uploads need a recent format version."""

from io import BytesIO
from pathlib import Path

from flask import Blueprint, jsonify, request
from qiskit import qpy

bp = Blueprint("qpy", __name__)
BUNDLED = Path(__file__).with_name("examples.qpy")
OLDEST = 13


@bp.post("/qpy")
def upload():
    blob = request.get_data(cache=False)
    if len(blob) > 1 << 20 or blob[:6] != b"QISKIT" or blob[6] < OLDEST:
        return jsonify(error="not a recent QPY file"), 400
    circuits = qpy.load(BytesIO(blob))
    return jsonify(n=len(circuits))


def examples():
    with BUNDLED.open("rb") as handle:
        return qpy.load(handle)
