"""A limit of another function is none here, and a request waits forever."""

import requests
from qiskit_ibm_runtime import QiskitRuntimeService, SamplerV2, Session

service = QiskitRuntimeService()


def bounded(circuit):
    with Session(backend=service.backend("ibm_fez"), max_time="10m") as session:  # ok
        return SamplerV2(mode=session).run([circuit])


def unbounded(circuit):
    with Session(backend=service.backend("ibm_fez")) as session:  # finds: RUN-02
        return SamplerV2(mode=session).run([circuit])


def posted(url, circuit):
    body = {"target": "qpu", "shots": 100, "input": circuit}
    return requests.post(url, json=body).json()  # finds: RUN-02


def posted_bounded(url, circuit):
    return requests.post(url, json={"shots": 100, "input": circuit}, timeout=30)  # ok


def notified(url):
    return requests.post(url, json={"done": True})  # ok
