"""Whose job it is, is asked first; or nobody from outside asks."""

import sys

from fastapi import FastAPI
from flask import Flask, abort, g, request
from qiskit_ibm_runtime import QiskitRuntimeService

app = Flask(__name__)
api = FastAPI()
service = QiskitRuntimeService()
JOBS = {}


@app.get("/jobs/<job_id>")
def result(job_id):
    if JOBS.get(job_id) != g.user:
        abort(404)
    return str(service.job(job_id).result())  # ok


@app.post("/cancel")
def cancel():
    job_id = owned(request.json["id"])
    service.job(job_id).cancel()  # ok
    return "ok"


def owned(job_id):
    if JOBS.get(job_id) != g.user:
        abort(404)
    return job_id


def main():
    return service.job(sys.argv[1]).result()  # ok


def last(ids):
    return service.job(ids[-1])  # ok
