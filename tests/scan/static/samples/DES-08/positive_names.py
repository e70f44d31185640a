import importlib
import json
import sys
from importlib import import_module

import requests
from fastapi import FastAPI
from flask import request

import qiskit.circuit.library as library

app = FastAPI()


@app.post("/plugin")
def plugin(name: str):
    return import_module(name)  # finds: DES-08 critical


class Decoder(json.JSONDecoder):
    def __init__(self):
        super().__init__(object_hook=self.object_hook)

    def object_hook(self, obj):
        if obj.get("__type__") == "settings":
            return build(obj["__module__"], obj["__class__"])
        return obj


def build(module_name, class_name):
    module = importlib.import_module(module_name)  # finds: DES-08 critical
    return getattr(module, class_name)()  # finds: DES-08 high


def gate():
    operation = request.json["gate"]
    return getattr(library, operation)()  # finds: DES-08 high


def method(circuit):
    for step in request.json["circuit"]:
        getattr(circuit, step["name"])(*step["qubits"])  # finds: DES-08 high


def fetched(url):
    manifest = requests.get(url).json()
    return __import__(manifest["module"])  # finds: DES-08 critical


def global_name():
    return globals()[request.args["ansatz"]]()  # finds: DES-08 critical


def joined():
    return importlib.import_module("encoders." + request.args["encoder"])  # finds: DES-08 critical


def argument():
    return importlib.import_module(sys.argv[1])  # finds: DES-08 medium


def configured(path):
    settings = json.load(open(path))
    return importlib.import_module(settings["backend"])  # finds: DES-08 medium


def remote(job):
    return getattr(library, job.result()["ansatz"])  # finds: DES-08 medium
