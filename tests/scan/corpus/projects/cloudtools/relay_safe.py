"""The relay with a list of allowed providers."""

import os

import requests
from flask import Flask, abort, jsonify, request

app = Flask(__name__)
ALLOWED = {
    "ionq": "https://api.ionq.co/v0.4",
    "lab": "https://quantum.lab.example/api",
}
TOKEN = os.environ["RELAY_TOKEN"]


@app.post("/forward")
def forward():
    body = request.get_json()
    name = str(body.get("provider"))
    if name not in ALLOWED:
        abort(400, "unknown provider")
    reply = requests.get(f"{ALLOWED[name]}/backends", headers={"X-Api-Key": TOKEN}, timeout=20)
    if reply.status_code != 200:
        abort(502)
    return jsonify(reply.json())


@app.get("/local")
def local():
    """The simulator sidecar of this pod."""
    reply = requests.get("http://127.0.0.1:8085/backends", timeout=2)
    return jsonify(reply.json())
