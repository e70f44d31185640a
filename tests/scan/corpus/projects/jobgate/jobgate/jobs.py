"""Submits circuits."""

from flask import Blueprint, abort, g, jsonify, request
from qiskit import qasm2, transpile
from qiskit_ibm_runtime import QiskitRuntimeService, SamplerV2

from .limits import bounded_shots, known_backend, small_enough
from .store import owner_of, remember

bp = Blueprint("jobs", __name__)
service = QiskitRuntimeService()


@bp.post("/jobs")
def submit():
    body = request.get_json()
    circuit = qasm2.loads(body["qasm"], include_path=())
    small_enough(circuit)
    backend = service.backend(known_backend(body["backend"]))
    sampler = SamplerV2(mode=backend)
    sampler.options.max_execution_time = 120
    isa = transpile(circuit, backend)
    job = sampler.run([isa], shots=bounded_shots(body.get("shots", 1024)))
    remember(job.job_id(), g.user)
    return jsonify(id=job.job_id()), 201


@bp.get("/jobs/<job_id>")
def fetch(job_id):
    if owner_of(job_id) != g.user:
        abort(404)
    job = service.job(job_id)
    return jsonify(id=job_id, status=str(job.status()))
