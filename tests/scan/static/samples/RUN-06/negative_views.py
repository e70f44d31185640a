"""Views that ask whose job it is."""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from flask import Blueprint, abort, jsonify
from flask.views import MethodView
from qiskit_ibm_runtime import QiskitRuntimeService

bp = Blueprint("jobs", __name__)


def provider():
    return QiskitRuntimeService(channel="ibm_cloud")


def detail(request, pk: str):
    record = get_object_or_404(Record, job=pk, owner=request.user)
    return JsonResponse({"counts": provider().job(record.job).result(), "id": pk})  # ok


class Jobs(MethodView):
    def get(self, job_id):
        if not owned(job_id):
            abort(403)
        return jsonify(provider().job(job_id).status())  # ok


def owned(job_id):
    return job_id in current_user().jobs


def own(job):
    return provider().job(job.identifier).result()  # ok


def fixed():
    return provider().job("d0abc").result()  # ok


Record = current_user = bp
