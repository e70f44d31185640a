from flask import Blueprint, abort, g, jsonify

from .accounts import service_for
from .ownership import lookup

bp = Blueprint("owned", __name__, url_prefix="/v2")


def _counts_or_fail(job, shots: int) -> dict:
    status = job.status()
    if str(getattr(status, "name", status)) != "DONE":
        abort(409, "job is not finished")
    data = job.result(timeout=30)[0].data
    counts = data.meas.get_counts()
    if sum(counts.values()) != shots:
        abort(502, "result is incomplete")
    return counts


@bp.get("/jobs/<job_id>")
def owned_result(job_id: str):
    row = lookup(job_id, g.user_id)
    if row is None:
        abort(404)
    job = service_for(g.team).job(row["job_id"])
    return jsonify(counts=_counts_or_fail(job, row["shots"]))


@bp.delete("/jobs/<job_id>")
def cancel(job_id: str):
    row = lookup(job_id, g.user_id)
    if row is None:
        abort(404)
    service_for(g.team).job(row["job_id"]).cancel()
    return "", 204
