from collections import OrderedDict

from flask import Blueprint, jsonify, request
from qiskit_ibm_runtime.exceptions import RuntimeJobNotFound

from .accounts import service_for

bp = Blueprint("results", __name__, url_prefix="/v1")


def _top(counts: dict, n: int = 10) -> OrderedDict:
    ranked = sorted(counts.items(), key=lambda kv: kv[1], reverse=True)
    return OrderedDict(ranked[:n])


@bp.get("/results/<job_id>")
def results(job_id: str):
    service = service_for()
    try:
        job = service.job(job_id)
    except RuntimeJobNotFound:
        return jsonify(error="no such job"), 404
    outcome = job.result(timeout=30)
    counts = outcome[0].data.meas.get_counts()
    total = request.args.get("top", "10")
    return jsonify(job=job_id, counts=_top(counts, min(int(total), 64)))


@bp.get("/usage")
def usage():
    wanted = request.args["job"]
    job = service_for().job(wanted)
    metrics = job.metrics()
    return jsonify(job=wanted, seconds=metrics.get("usage", {}).get("quantum_seconds"))


@bp.get("/ping")
def ping():
    return jsonify(ok=True)
