"""Receives runtime results by webhook."""

import json

from flask import Flask, request
from qiskit_ibm_runtime import RuntimeDecoder as Decoder

app = Flask(__name__)
HISTORY: list[dict] = []


@app.post("/hooks/result")
def on_result():
    result = json.loads(request.data, cls=Decoder)
    HISTORY.append(result)
    return "", 204


@app.post("/hooks/status")
def on_status():
    body = json.loads(request.data)
    HISTORY.append({"id": str(body["id"])[:64], "status": str(body["status"])[:32]})
    return "", 204
