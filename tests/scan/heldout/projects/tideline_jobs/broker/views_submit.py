import uuid

from flask import Blueprint, abort, g, jsonify, request
from qiskit import transpile
from qiskit.circuit import QuantumCircuit
from qiskit_ibm_runtime import SamplerV2

from .accounts import service_for
from .limits import LimitError, check_size
from .ownership import remember

bp = Blueprint("submit", __name__, url_prefix="/v1")


@bp.post("/jobs")
def submit():
    body = request.get_json(force=True)
    try:
        circuit = QuantumCircuit.from_qasm_str(body["program"])
        check_size(circuit)
    except LimitError as exc:
        abort(413, str(exc))
    service = service_for(g.team)
    backend = service.backend(body.get("backend", "ibm_brisbane"))
    isa = transpile(circuit, backend, optimization_level=1)
    sampler = SamplerV2(backend)
    job = sampler.run([isa], shots=int(body.get("shots", 1024)))
    remember(job.job_id(), g.user_id)
    return jsonify(job_id=job.job_id(), request=str(uuid.uuid4())), 202
