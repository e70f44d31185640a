"""Results over HTTP whose status is read, and answers that are no result."""

import cirq_google
import requests

API = "https://jobs.example.org/v1"


def engine():
    return cirq_google.Engine(project_id="lab")


def histogram(program, job_id, repetitions):
    job = engine().get_program(program).get_job(job_id)
    found = job.results()[0]  # ok
    if found.repetitions != repetitions:
        raise RuntimeError("repetitions are missing")
    return found.histogram(key="readout")


def probabilities(http, job_id):
    job = requests.get(f"{API}/jobs/{job_id}", timeout=9).json()  # ok
    if job["status"] != "completed":
        raise RuntimeError(job_id)
    return requests.get(f"{API}/jobs/{job_id}/results", timeout=9).json()  # ok


def queue(shots):
    return requests.get(f"{API}/queue", params={"shots": shots}, timeout=9).json()  # ok


def submit(circuit, shots):
    body = {"shots": shots, "input": circuit}
    return requests.post(f"{API}/jobs", json=body, timeout=9).json()["id"]  # ok
