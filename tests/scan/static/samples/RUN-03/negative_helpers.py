"""Choices, enumerations, lists in helpers, and devices that are written down."""

import argparse
from enum import Enum

from fastapi import FastAPI
from flask import abort, request
from pydantic import BaseModel
from qiskit_ibm_runtime import QiskitRuntimeService, SamplerV2, Session

app = FastAPI()
NAMES = frozenset({"ibm_fez", "ibm_torino"})


class Device(str, Enum):
    fez = "ibm_fez"


class Job(BaseModel):
    device: Device


def checked(name):
    if name not in NAMES:
        abort(400)
    return name


def helped():
    return QiskitRuntimeService().backend(checked(request.json["backend"]))  # ok


@app.post("/typed")
def typed(job: Job):
    return str(QiskitRuntimeService().backend(job.device.value))  # ok


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--backend", choices=sorted(NAMES))
    backend = QiskitRuntimeService().backend(parser.parse_args().backend)  # ok
    with Session(backend=backend) as session:  # ok
        return session


def recorded(circuit, log):
    backend = min(QiskitRuntimeService().backends(), key=lambda b: b.status().pending_jobs)  # ok
    log.info("runs on %s", backend)
    return SamplerV2(mode=backend).run([circuit])


def free():
    return QiskitRuntimeService().least_busy()  # ok


def use():
    backend = free()
    return {"backend": backend.name}
