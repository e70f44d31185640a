"""The check is switched off by mappings, defaults, classes, commands and the environment."""

import functools
import os
import ssl
import subprocess

import aiohttp
import requests
import urllib3
import websocket
from qiskit_ibm_runtime import QiskitRuntimeService

OPTIONS = {"timeout": 5, "verify": False}


def connected():
    options = {"channel": "ibm_cloud"}
    if os.environ.get("LAB"):
        options["verify"] = False
    return QiskitRuntimeService(**options)  # finds: SEC-04


def fetched(address):
    return requests.get(address, **OPTIONS)  # finds: SEC-04


def asked(address, check=False):
    return requests.get(address, verify=check)  # finds: SEC-04


class Loose(requests.Session):
    verify = False  # finds: SEC-04


class Api:
    def __init__(self, address, verify=True):
        self.http = requests.Session()
        self.http.verify = verify


def own(address):
    return Api(address, verify=False)  # finds: SEC-04


loose = functools.partial(requests.post, verify=False)  # finds: SEC-04
os.environ.setdefault("PYTHONHTTPSVERIFY", "0")  # finds: SEC-04
os.environ.update({"CURL_CA_BUNDLE": ""})  # finds: SEC-04


def pooled():
    return urllib3.PoolManager(cert_reqs="CERT_NONE")  # finds: SEC-04


def streamed(address):
    return websocket.create_connection(address, sslopt={"cert_reqs": ssl.CERT_NONE})  # finds: SEC-04


def connector():
    return aiohttp.TCPConnector(verify_ssl=False)  # finds: SEC-04


def commanded(address):
    subprocess.run(["curl", "-sk", address], check=True)  # finds: SEC-04
    subprocess.run(f"wget --no-check-certificate {address}", shell=True)  # finds: SEC-04
