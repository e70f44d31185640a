import asyncio
import hashlib
import io
import logging
import pickle
import tempfile

import joblib
import pandas as pd
import zmq
from fastapi import FastAPI, UploadFile

app = FastAPI()
SHARE = "https://share.example.org/models"


class OnCpu(pickle.Unpickler):
    def find_class(self, module, name):
        if module == "torch.storage" and name == "_load_from_bytes":
            return lambda data: io.BytesIO(data)
        return super().find_class(module, name)


def shared():
    return joblib.load("/shared/models/classifier.joblib")  # finds: DES-01 medium


def remote():
    return pd.read_pickle(f"{SHARE}/history.pkl")  # finds: DES-01 critical


@app.post("/model")
async def upload(file: UploadFile):
    data = await file.read()
    logging.info("received %s", hashlib.sha256(data).hexdigest())
    with tempfile.TemporaryFile() as spool:
        spool.write(data)
        spool.seek(0)
        return joblib.load(spool)  # finds: DES-01 critical


@app.post("/threaded")
async def threaded(file: UploadFile):
    return await asyncio.to_thread(pickle.loads, await file.read())  # finds: DES-01 critical


def from_socket(context: zmq.Context):
    return context.socket(zmq.PULL).recv_pyobj()  # finds: DES-01 critical


def on_cpu(path):
    with open(path, "rb") as file:
        return OnCpu(file).load()  # finds: DES-01 high


def cached(path, cache):
    with open(path, "rb") as file:
        data = file.read()
    digest = hashlib.sha256(data).hexdigest()
    if digest not in cache:
        cache[digest] = pickle.loads(data)  # finds: DES-01 high
    return cache[digest]


class Reader:
    load = staticmethod(joblib.load)

    def read(self, path):
        return self.load(path)  # finds: DES-01 medium


def spelled(path):
    return getattr(joblib, "load")(path)  # finds: DES-01 medium


def listed(path):
    loaders = {".pkl": pd.read_pickle, ".joblib": joblib.load}
    return loaders[path.suffix](path)  # finds: DES-01 medium


@app.post("/saved")
def saved(request):
    request.files["model"].save("/tmp/model.pkl")
    with open("/tmp/model.pkl", "rb") as file:
        return pickle.load(file)  # finds: DES-01 critical
