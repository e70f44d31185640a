"""The check stays on, or the word means something else."""

import os
import subprocess

import jwt
import requests
from qiskit_ibm_runtime import QiskitRuntimeService

OPTIONS = {"timeout": 5, "verify": "/etc/ssl/lab.pem"}


def fetched(address):
    return requests.get(address, **OPTIONS)  # ok


def asked(address, check=True):
    return requests.get(address, verify=check)  # ok


def connected():
    options = {"channel": "ibm_cloud"}
    options["verify"] = os.environ.get("CA", True)
    return QiskitRuntimeService(**options)  # ok


def compile_kernel(kernel, verify=True):
    return kernel.lower() if verify else kernel


def kernels(kernel):
    return compile_kernel(kernel, verify=False)  # ok


def commanded(address):
    subprocess.run(["curl", "-s", address], check=True)  # ok


class Report:
    verify = False  # ok


os.environ.setdefault("PYTHONHTTPSVERIFY", "1")  # ok
jwt
