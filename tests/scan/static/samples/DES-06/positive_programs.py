import sys
from pathlib import Path

import qiskit.qasm2
import requests
from fastapi import FastAPI
from flask import request
from qiskit import QuantumCircuit, qasm2
from qiskit.qasm2 import loads

app = FastAPI()


@app.post("/run")
def run(program: str, shots: int = 100):
    circuit = qasm2.loads(program)  # finds: DES-06 high
    return circuit.depth() * shots


@app.post("/body")
def body():
    return QuantumCircuit.from_qasm_str(request.json["qasm"]).depth()  # finds: DES-06 high


def fetched(url):
    return loads(requests.get(url).text)  # finds: DES-06 high


def joined():
    text = "OPENQASM 2.0;\n" + request.form["gates"]
    return qiskit.qasm2.loads(text)  # finds: DES-06 high


def included():
    return qasm2.loads(request.data.decode(), include_path=("/srv/qasm",))  # finds: DES-06 high


def command():
    return qasm2.load(sys.argv[1])  # finds: DES-06 medium


def command_file():
    return QuantumCircuit.from_qasm_file(sys.argv[1])  # finds: DES-06 medium


def read(path):
    text = Path(path).read_text()
    return qasm2.loads(text)  # finds: DES-06 medium


def opened(path):
    with open(path) as file:
        return QuantumCircuit.from_qasm_str(file.read())  # finds: DES-06 medium


def handler():
    return parse(request.args.get("program"))


def parse(text):
    return qasm2.loads(text)  # finds: DES-06 high
