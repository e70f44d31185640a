import json
import sys

import requests
from fastapi import FastAPI
from flask import request
from qiskit_ibm_runtime import RuntimeDecoder
from qiskit_ibm_runtime.utils import RuntimeDecoder as Decoder

app = FastAPI()


@app.post("/results")
def results(payload: str):
    return json.loads(payload, cls=RuntimeDecoder)  # finds: DES-04 high


def posted():
    return json.loads(request.data, cls=RuntimeDecoder)  # finds: DES-04 high


def fetched(url):
    text = requests.get(url).text
    return json.loads(text, cls=Decoder)  # finds: DES-04 high


def argument():
    with open(sys.argv[1]) as file:
        return json.load(file, cls=RuntimeDecoder)  # finds: DES-04 high


def path(name):
    with open(name) as file:
        return json.load(file, cls=RuntimeDecoder)  # finds: DES-04 high


def text_of(name):
    text = open(name).read()
    return json.loads(text, cls=RuntimeDecoder)  # finds: DES-04 high


def typed():
    return json.loads(input(), cls=Decoder)  # finds: DES-04 high


def decoder(name):
    return RuntimeDecoder().decode(open(name).read())  # finds: DES-04 high


def handed(text):
    return json.loads(text, cls=RuntimeDecoder)  # finds: DES-04 medium


def remote(job):
    return json.loads(job.result(), cls=RuntimeDecoder)  # finds: DES-04 high


DECODER = RuntimeDecoder


def aliased(name):
    with open(name) as file:
        return json.load(file, cls=DECODER)  # finds: DES-04 high
