import io
import json

from flask import Blueprint, jsonify, request
from qiskit import qpy
from qiskit_ibm_runtime import RuntimeDecoder

bp = Blueprint("uploads", __name__, url_prefix="/v1/uploads")


def _describe(circuit) -> dict:
    return {
        "name": circuit.name,
        "qubits": circuit.num_qubits,
        "ops": dict(circuit.count_ops()),
    }


@bp.post("/circuits")
def circuits():
    handle = request.files["file"]
    loaded = qpy.load(io.BytesIO(handle.read()))
    return jsonify([_describe(c) for c in loaded])


@bp.post("/jobs")
def legacy_job():
    """Old clients post the body that the runtime SDK produced."""
    text = request.get_data(as_text=True)
    job = json.loads(text, cls=RuntimeDecoder)
    circuits = job.get("circuits", [])
    return jsonify(count=len(circuits), circuits=[_describe(c) for c in circuits])
