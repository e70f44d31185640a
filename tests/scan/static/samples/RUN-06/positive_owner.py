"""A job's id is all it takes."""

from braket.aws import AwsQuantumTask
from fastapi import FastAPI
from flask import Flask, request
from qiskit_ibm_runtime import QiskitRuntimeService

app = Flask(__name__)
api = FastAPI()
service = QiskitRuntimeService()


@app.get("/jobs/<job_id>")
def result(job_id):
    return str(service.job(job_id).result())  # finds: RUN-06


@app.post("/cancel")
def cancel():
    job = service.job(request.json["id"])  # finds: RUN-06
    job.cancel()
    return "ok"


@api.get("/tasks/{arn}")
def task(arn: str):
    return AwsQuantumTask(arn=arn).state()  # finds: RUN-06


@api.get("/metrics/{job_id}")
async def metrics(job_id: str):
    job = service.job(job_id)  # finds: RUN-06
    return job.metrics()
