"""Older job routes, used by the dashboard."""

from flask import Blueprint, jsonify, request
from qiskit import qasm2
from qiskit.transpiler import generate_preset_pass_manager
from qiskit_ibm_runtime import QiskitRuntimeService
from qiskit_ibm_runtime import SamplerV2 as Sampler

bp = Blueprint("status", __name__, url_prefix="/dashboard")
service = QiskitRuntimeService()


@bp.get("/job/<job_id>")
def job_status(job_id):
    job = service.job(job_id)
    return jsonify(status=str(job.status()))


@bp.post("/run")
def run():
    body = request.get_json()
    circuit = qasm2.loads(body["program"], include_path=())
    backend = service.backend(body["backend"])
    pm = generate_preset_pass_manager(optimization_level=1, backend=backend)
    sampler = Sampler(mode=backend)
    job = sampler.run([pm.run(circuit)], shots=body["shots"])
    return jsonify(id=job.job_id())


@bp.get("/result")
def result():
    job = service.job(request.args["id"])
    counts = job.result()[0].data.meas.get_counts()
    return jsonify(counts)
