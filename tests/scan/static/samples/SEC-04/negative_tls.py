import ssl

import httpx
import requests
from qiskit import transpile
from qiskit_ibm_runtime import QiskitRuntimeService


def default(url):
    return requests.get(url)  # ok


def explicit(url):
    return requests.get(url, verify=True)  # ok


def authority(url):
    return requests.get(url, verify="/etc/ssl/company.pem")  # ok


def service():
    return QiskitRuntimeService(verify=True)  # ok


def variable(url, verify):
    return requests.get(url, verify=verify)  # ok


def own(circuit):
    return compiled(circuit, verify=False)  # ok


def compiled(circuit, verify):
    return transpile(circuit) if verify else circuit


def context():
    made = ssl.create_default_context()
    made.check_hostname = True  # ok
    made.verify_mode = ssl.CERT_REQUIRED  # ok
    return made


def signature(token):
    return jwt_decode(token, verify=False)  # ok


def jwt_decode(token, verify):
    return token


class Signature:
    verify = False  # ok


def flag(proof):
    proof.verify = False  # ok


def client(session):
    return httpx.Client(timeout=5)  # ok


def equal(certificate):
    return certificate.verify_mode == ssl.CERT_NONE  # ok
