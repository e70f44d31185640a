import httpx
import requests
from dwave.system import DWaveSampler
from iqm.qiskit_iqm import IQMProvider
from qiskit_ibm_runtime import QiskitRuntimeService

import boto3

BASE = "http://jobs.example.org/v1"
HOST = "jobs.example.org"


def submitted(job, token):
    return requests.post("http://jobs.example.org/v1/jobs", json=job)  # finds: SEC-05 high


def authorized(token):
    return requests.get(f"{BASE}/jobs", headers={"Authorization": token})  # finds: SEC-05 high


def constant(job):
    return httpx.post(BASE + "/jobs", json=job)  # finds: SEC-05 high


def formatted(job):
    return requests.put("http://{}/jobs".format(HOST), json=job)  # finds: SEC-05 high


def service():
    return QiskitRuntimeService(url="http://api.quantum.example.com")  # finds: SEC-05 high


def annealer():
    return DWaveSampler(endpoint="http://sapi.example.com/v2")  # finds: SEC-05 high


def provider():
    return IQMProvider("http://iqm.example.com/cocos")  # finds: SEC-05 high


def store():
    return boto3.client("s3", endpoint_url="http://s3.example.com")  # finds: SEC-05 high


def session(job):
    made = requests.Session()
    return made.post("http://jobs.example.org/v1/jobs", data=job)  # finds: SEC-05 high


def listed(identifier):
    return requests.delete(f"http://{HOST}/jobs/{identifier}")  # finds: SEC-05 high


def plain():
    return requests.get("http://jobs.example.org/v1/backends")  # finds: SEC-05 medium


def inside(job):
    return requests.post("http://scheduler:8000/jobs", json=job)  # finds: SEC-05 note


def client():
    return httpx.Client(base_url="http://jobs.example.org")  # finds: SEC-05 high
