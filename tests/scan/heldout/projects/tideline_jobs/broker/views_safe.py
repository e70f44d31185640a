"""Second version of the submit endpoint."""
from flask import Blueprint, abort, current_app, g, jsonify, request
from qiskit import qasm2, transpile
from qiskit_ibm_runtime import SamplerV2

from .accounts import service_for
from .limits import MAX_PROGRAM, LimitError, allowed_backend, check_size, clamp_shots
from .ownership import remember

bp = Blueprint("safe", __name__, url_prefix="/v2")


def _parse(text: str):
    if len(text) > MAX_PROGRAM:
        raise LimitError("program too long")
    circuit = qasm2.loads(text, include_path=(), strict=True)
    check_size(circuit)
    return circuit


@bp.post("/jobs")
def submit():
    body = request.get_json()
    shots = clamp_shots(body.get("shots"))
    try:
        name = allowed_backend(body.get("backend", "ibm_kyiv"))
        circuit = _parse(body["program"])
    except (LimitError, qasm2.QASM2ParseError) as exc:
        current_app.logger.warning("rejected program: %s", type(exc).__name__)
        abort(400)
    backend = service_for(g.team).backend(name)
    sampler = SamplerV2(backend)
    sampler.options.max_execution_time = 300
    job = sampler.run([transpile(circuit, backend)], shots=shots)
    remember(job.job_id(), g.user_id, shots)
    return jsonify(job_id=job.job_id(), backend=backend.name, shots=shots), 202
