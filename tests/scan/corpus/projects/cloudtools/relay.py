"""Relay that forwards jobs of students to whichever provider they name."""

import os

import requests
from flask import Flask, jsonify, request
from qiskit_ibm_runtime import QiskitRuntimeService

app = Flask(__name__)
TOKEN = os.environ["RELAY_TOKEN"]


@app.post("/connect")
def connect():
    target = request.json["url"]
    service = QiskitRuntimeService(channel="ibm_cloud", token=TOKEN, url=target)
    return jsonify(backends=[b.name for b in service.backends()])


@app.post("/forward")
def forward():
    body = request.get_json()
    endpoint = body["endpoint"]
    reply = requests.post(endpoint, json=body["job"], timeout=20)
    return jsonify(reply.json()), reply.status_code


@app.get("/calibration")
def calibration():
    base = _base(request.args)
    return requests.get(f"{base}/calibration", timeout=10).text


def _base(args) -> str:
    return args.get("provider", "https://quantum.lab.example")
