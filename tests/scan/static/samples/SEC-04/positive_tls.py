import os
import ssl

import aiohttp
import httpx
import requests
from qiskit_ibm_runtime import QiskitRuntimeService
from urllib.request import urlopen


def fetched(url):
    return requests.get(url, verify=False)  # finds: SEC-04 high


def posted(url, job):
    return requests.post(url, json=job, timeout=5, verify=False)  # finds: SEC-04 high


def service():
    return QiskitRuntimeService(channel="ibm_quantum", verify=False)  # finds: SEC-04 high


def saved(token):
    QiskitRuntimeService.save_account(token=token, verify=False)  # finds: SEC-04 high


def unverified(url):
    return urlopen(url, context=ssl._create_unverified_context())  # finds: SEC-04 high


def context():
    made = ssl.create_default_context()
    made.check_hostname = False  # finds: SEC-04 high
    made.verify_mode = ssl.CERT_NONE  # finds: SEC-04 high
    return made


def session():
    made = requests.Session()
    made.verify = False  # finds: SEC-04 high
    return made


def client():
    return httpx.Client(verify=False)  # finds: SEC-04 high


async def connector():
    return aiohttp.TCPConnector(verify_ssl=False)  # finds: SEC-04 high


def everywhere():
    ssl._create_default_https_context = ssl._create_unverified_context  # finds: SEC-04 high


def variable():
    os.environ["PYTHONHTTPSVERIFY"] = "0"  # finds: SEC-04 high


CHECK = False


def constant(url):
    return requests.get(url, verify=CHECK)  # finds: SEC-04 high


def local():
    return requests.get("https://localhost:8443/health", verify=False)  # finds: SEC-04 note
