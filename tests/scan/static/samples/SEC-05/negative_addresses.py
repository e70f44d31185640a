import requests
from qiskit_ibm_runtime import QiskitRuntimeService

NAMESPACE = "http://www.w3.org/2000/svg"
LICENSE = "http://www.apache.org/licenses/LICENSE-2.0"


def encrypted(job):
    return requests.post("https://jobs.example.org/v1/jobs", json=job)  # ok


def local(job):
    return requests.post("http://localhost:8000/jobs", json=job)  # ok


def loopback(job):
    return requests.post("http://127.0.0.1:8000/jobs", json=job)  # ok


def loopback_six(job):
    return requests.post("http://[::1]:8000/jobs", json=job)  # ok


def service():
    return QiskitRuntimeService(url="https://cloud.ibm.com")  # ok


def variable(url):
    return requests.get(url)  # ok


def namespace(element):
    return element.get("http://www.w3.org/1999/xlink")  # ok


def drawing(document):
    return document.find(NAMESPACE)  # ok


def text():
    return f"see {LICENSE}"  # ok


def checked(url):
    if url.startswith("http://"):  # ok
        raise ValueError(url)
    return requests.get(url)


def replaced(url):
    return requests.get(url.replace("http://", "https://"))  # ok


def named(port):
    return requests.get(f"http://localhost:{port}/jobs")  # ok
