"""Submit to the simulator farm of the faculty."""

import os

import httpx
from qiskit_ibm_runtime import QiskitRuntimeService

FARM = "http://qsim.faculty.example:8080"
LOCAL = "http://localhost:8080"


def farm_job(qasm: str) -> dict:
    shots = 1000
    with httpx.Client(base_url=FARM, timeout=30) as client:
        reply = client.post("/api/jobs", json={"program": qasm, "shots": shots})
        reply.raise_for_status()
        return reply.json()


def local_job(qasm: str) -> dict:
    reply = httpx.post(f"{LOCAL}/api/jobs", json={"program": qasm, "shots": 100}, timeout=30)
    return reply.json()


def runtime() -> QiskitRuntimeService:
    return QiskitRuntimeService(
        channel="ibm_cloud",
        token=os.environ["QISKIT_IBM_TOKEN"],
        url="http://runtime.internal.example/api",
    )
