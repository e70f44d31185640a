import io
import sys

import qiskit.qpy
import requests
from flask import Flask, request
from qiskit import qpy
from qiskit.qpy import load

app = Flask(__name__)


@app.route("/jobs", methods=["POST"])
def submit():
    circuits = qpy.load(io.BytesIO(request.data))  # finds: DES-03 high
    return {"circuits": len(circuits)}


@app.post("/files")
def files():
    upload = request.files["circuit"]
    return str(qpy.load(upload))  # finds: DES-03 high


def fetched(url):
    return qpy.load(io.BytesIO(requests.get(url).content))  # finds: DES-03 high


def argument():
    with open(sys.argv[1], "rb") as file:
        return load(file)  # finds: DES-03 high


def path(name):
    with open(name, "rb") as file:
        return qiskit.qpy.load(file)[0]  # finds: DES-03 high


def nested(name):
    def read():
        with open(name, "rb") as file:
            return qpy.load(file)  # finds: DES-03 high

    return read()


def handed(stream):
    return qpy.load(stream)  # finds: DES-03 medium


def constant():
    with open("circuit.qpy", "rb") as file:
        return qpy.load(file)  # finds: DES-03 medium


def low_bound(name):
    with open(name, "rb") as file:
        return qpy.load(file, min_qpy_version=10)  # finds: DES-03 high


class Store:
    def __init__(self, folder):
        self.folder = folder

    def get(self, name):
        with open(f"{self.folder}/{name}.qpy", "rb") as file:
            return qpy.load(file)  # finds: DES-03 high
