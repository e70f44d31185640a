"""Results of other libraries and of interfaces over HTTP."""

import cirq_google
import requests
from braket.aws import AwsQuantumJob
from qiskit_ibm_runtime import QiskitRuntimeService

API = "https://jobs.example.org/v1"


def engine():
    return cirq_google.Engine(project_id="lab")


def service():
    return QiskitRuntimeService()


def histogram(program, job):
    found = engine().get_program(program).get_job(job).results()[0]  # finds: RUN-04
    return found.histogram(key="readout")


def counts(job_id):
    job = service().job(job_id)
    return job.result()[0].data.meas.get_counts()  # finds: RUN-04


def hybrid(arn):
    return AwsQuantumJob(arn).result()["energy"]  # finds: RUN-04


class Client:
    def __init__(self, key):
        self.http = requests.Session()
        self.http.headers["Authorization"] = key

    def submit(self, circuit, shots):
        body = {"shots": shots, "input": circuit}
        return self.http.post(f"{API}/jobs", json=body, timeout=9).json()["id"]

    def probabilities(self, job_id):
        return self.http.get(f"{API}/jobs/{job_id}/results", timeout=9).json()  # finds: RUN-04
