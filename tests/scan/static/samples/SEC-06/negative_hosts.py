import os
import sys

import requests
from fastapi import FastAPI
from flask import request
from qiskit_ibm_runtime import QiskitRuntimeService

app = FastAPI()
HOSTS = {"eu": "https://eu.example.org", "us": "https://us.example.org"}
BASE = "https://jobs.example.org"


def listed():
    return requests.get(HOSTS[request.args["region"]])  # ok


@app.get("/jobs/{identifier}")
def job(identifier: str):
    return requests.get(f"{BASE}/jobs/{identifier}").json()  # ok


@app.get("/size/{n}")
def size(n: int):
    return requests.get("https://example.org:" + str(n))  # ok


def checked():
    url = request.json["url"]
    if url not in HOSTS.values():
        raise ValueError(url)
    return QiskitRuntimeService(url=url)  # ok


def command():
    return requests.get(sys.argv[1])  # ok


def environment():
    return QiskitRuntimeService(url=os.environ["QUANTUM_URL"])  # ok


def own(url):
    return requests.get(url)  # ok


class Sampler:
    def __init__(self, host):
        self.host = host

    def result(self, job):
        answer = requests.post(f"{self.host}/jobs", json=job).json()
        address = f"{self.host}/jobs/{answer['id']}"
        return requests.get(address)  # ok
