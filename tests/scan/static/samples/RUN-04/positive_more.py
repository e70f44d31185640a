"""Jobs of a list, awaited answers and addresses that a function joins."""

import httpx
import requests
from qiskit_ibm_runtime import QiskitRuntimeService

shots = 100


class Desk:
    def __init__(self):
        self._service = QiskitRuntimeService()
        self._http = requests.Session()

    @property
    def service(self):
        return self._service

    def counts(self, job_id):
        return self.service.job(job_id).result()[0]  # finds: RUN-04

    def _url(self, *parts):
        return "/".join(["https://jobs.example.com", *parts])

    def histogram(self, job_id):
        reply = self._http.get(self._url("jobs", job_id, "results"), timeout=15)
        return {key: float(value) for key, value in reply.json().items()}  # finds: RUN-04


def recent():
    service = QiskitRuntimeService()
    return [job.result() for job in service.jobs(limit=5)]  # finds: RUN-04


async def remote(job_id):
    async with httpx.AsyncClient(timeout=5) as client:
        reply = await client.get("https://jobs.example.com/jobs/" + job_id + "/results")
        return reply.json()  # finds: RUN-04
