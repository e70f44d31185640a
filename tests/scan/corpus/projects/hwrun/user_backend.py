"""Lets the client choose backend, width and depth of a random circuit."""

import os

import requests
from fastapi import FastAPI, Request
from qiskit import qasm2, transpile
from qiskit.circuit.random import random_circuit
from qiskit_ibm_runtime import QiskitRuntimeService, SamplerV2

app = FastAPI()
service = QiskitRuntimeService()
CATALOG = os.environ.get("CATALOG_URL", "http://catalog.qportal.example/v1")


@app.post("/random-circuit")
async def random_job(request: Request):
    body = await request.json()
    circuit = random_circuit(body["qubits"], body["depth"], measure=True)
    backend = service.backend(body["backend"])
    job = SamplerV2(mode=backend).run([transpile(circuit, backend)], shots=256)
    return {"id": job.job_id()}


@app.post("/callback")
async def callback(request: Request):
    body = await request.json()
    requests.post(body["callback_url"], json={"done": True}, timeout=5)
    return {"ok": True}


@app.post("/import")
async def import_program(request: Request):
    text = (await request.body()).decode()
    circuit = qasm2.loads(text)
    return {"qubits": circuit.num_qubits}


@app.get("/catalog")
def catalog():
    return requests.get(f"{CATALOG}/backends", timeout=5).json()
