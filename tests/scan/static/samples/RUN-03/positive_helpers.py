"""The device's name takes a detour, and other ways to take whatever is free."""

import argparse

import requests
from braket.aws import AwsDevice
from flask import request
from iqm.qiskit_iqm import IQMProvider
from qiskit_ibm_runtime import QiskitRuntimeService, SamplerV2


def provider():
    return QiskitRuntimeService()


def run():
    body = request.get_json()
    if "shots" not in body:
        body["shots"] = 100
    return str(provider().backend(body["backend"]))  # finds: RUN-03


def handler(event, context):
    return str(AwsDevice(event["device"]))  # finds: RUN-03


def resonance():
    return IQMProvider("https://iqm.example.org").get_backend(request.args["name"])  # finds: RUN-03


def posted():
    body = {"target": request.json["target"], "shots": 100}  # finds: RUN-03
    return requests.post("https://jobs.example.org", json=body, timeout=9)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    parser.add_argument("--backend", default="ibm_fez")
    parser.add_argument("--molecule", choices=["h2", "lih"])
    return parser


def main():
    arguments = build_parser().parse_args()
    return provider().backend(arguments.backend)  # finds: RUN-03 low


def shortest(circuit, path):
    backend = min(provider().backends(), key=lambda b: b.status().pending_jobs)  # finds: RUN-03
    return SamplerV2(mode=backend).run([circuit]), path.name


def given(service, circuit):
    backend = service.least_busy(operational=True)  # finds: RUN-03
    return SamplerV2(mode=backend).run([circuit])
