import base64
import io
import pickle as pk
import sys
import zlib
from pickle import Unpickler, loads
from urllib.request import urlopen

import cloudpickle
import dill
import joblib
import pandas as pd
import requests
from fastapi import FastAPI, UploadFile
from flask import request

app = FastAPI()


@app.post("/models")
async def upload(file: UploadFile, blob: bytes):
    model = pk.loads(blob)  # finds: DES-01 critical
    return {"classes": model.classes}


@app.post("/ansatz")
def ansatz():
    body = request.get_data()
    return dill.loads(body)  # finds: DES-01 critical


def fetch(url):
    answer = requests.get(url, timeout=10)
    return cloudpickle.loads(answer.content)  # finds: DES-01 critical


def fetch_compressed(url):
    with urlopen(url) as stream:
        packed = stream.read()
    return loads(zlib.decompress(packed))  # finds: DES-01 critical


def from_command_line():
    path = sys.argv[1]
    with open(path, "rb") as file:
        return pk.load(file)  # finds: DES-01 critical


def read_weights(path):
    return joblib.load(path)  # finds: DES-01 medium


def read_open(path):
    with open(path, "rb") as file:
        unpickler = Unpickler(file)
        return unpickler.load()  # finds: DES-01 high


def values(data):
    return {k: pk.loads(base64.b64decode(v)) for k, v in data.items()}  # finds: DES-01 high


def frame():
    return pd.read_pickle(io.BytesIO(requests.get("https://h.example/x").content))  # finds: DES-01


def result(job):
    return pk.loads(job.result()["model"])  # finds: DES-01 critical


load_model = pk.load


def aliased(path):
    return load_model(open(path, "rb"))  # finds: DES-01 high


def constant():
    with open("checkpoint.pkl", "rb") as file:
        return pk.load(file)  # finds: DES-01 medium


def own():
    with open("state.pkl", "wb") as file:
        pk.dump({}, file)
    with open("state.pkl", "rb") as file:
        return pk.load(file)  # finds: DES-01 note


def saved(url):
    answer = requests.get(url, timeout=9)
    with open("model.pkl", "wb") as file:
        file.write(answer.content)
    with open("model.pkl", "rb") as file:
        return pk.load(file)  # finds: DES-01 critical


def bucket(client, key):
    client.download_file("models", key, "fetched.pkl")
    return joblib.load(open("fetched.pkl", "rb"))  # finds: DES-01 critical


def lambda_handler(event, context):
    return pk.loads(base64.b64decode(event["body"]))  # finds: DES-01 critical


def other_file(model, path):
    with open("written.pkl", "wb") as file:
        pk.dump(model, file)
    with open(path, "rb") as file:
        return pk.load(file)  # finds: DES-01 high
