import httpx
import requests
from fastapi import FastAPI
from flask import request
from qiskit_ibm_runtime import QiskitRuntimeService

app = FastAPI()


@app.post("/connect")
def connect(url: str):
    return QiskitRuntimeService(url=url)  # finds: SEC-06


@app.post("/callback")
def callback(target: str, job: dict):
    return requests.post(target, json=job)  # finds: SEC-06


def proxied():
    return QiskitRuntimeService(proxies=request.json["proxies"])  # finds: SEC-06


def joined():
    return httpx.get("https://" + request.args["host"] + "/status")  # finds: SEC-06


def nested(job):
    return requests.get(job.result()["output_url"])  # finds: SEC-06


def region():
    base = f"https://{request.args['region']}.jobs.example.org"
    return requests.get(f"{base}/status")  # finds: SEC-06
