"""Ids in views, behind helpers, and beside words that only look like an owner."""

import requests
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from flask import Blueprint, jsonify, request
from flask.views import MethodView
from qiskit_ibm_runtime import QiskitRuntimeService

bp = Blueprint("jobs", __name__)


def provider():
    return QiskitRuntimeService(channel="ibm_cloud")


@login_required
def detail(request, pk: str):
    return JsonResponse({"counts": provider().job(pk).result()})  # finds: RUN-06


@bp.get("/jobs/<job_id>")
def counts(job_id):
    job = provider().job(job_id)  # finds: RUN-06
    print("asked by", request.headers.get("User-Agent"), job_id)
    return jsonify(job.usage())


class Jobs(MethodView):
    def get(self, job_id):
        return jsonify(provider().job(job_id).status())  # finds: RUN-06


@bp.get("/far/<job_id>")
def far(job_id):
    address = f"https://quantum.example.org/v1/jobs/{job_id}"
    return jsonify(requests.get(address, timeout=9).json())  # finds: RUN-06


def handler(event, context):
    job_id = event["pathParameters"]["id"]
    return {"body": str(provider().job(job_id).result())}  # finds: RUN-06
