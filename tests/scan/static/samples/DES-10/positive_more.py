import io
import json
import os
import shutil
import subprocess
import urllib.request
import zipfile
from functools import partial
from urllib.request import urlretrieve

import httpx
import numpy as np
import pooch
import requests
import torch

HOST = "https://models.example.org"
TEMPLATE = HOST + "/{name}/latest/weights.pt"
FILES = {"vqc.pt": HOST, "moons.npz": "http://old.example.org"}
fetch = partial(requests.get, timeout=9)


def from_template(name, target):
    urlretrieve(TEMPLATE.format(name=name), target)  # finds: DES-10


def opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener()


def mirrored(folder):
    for name, base in FILES.items():
        with opener().open(f"{base}/{name}") as source, open(folder / name, "wb") as target:  # finds: DES-10
            shutil.copyfileobj(source, target)


def archive(folder):
    answer = requests.get(f"{HOST}/records/1/content", timeout=9)  # finds: DES-10
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        file.extractall(folder)


async def downloaded(client, url):
    response = await client.get(url)  # finds: DES-10
    return response.content


async def suite(url):
    async with httpx.AsyncClient() as client:
        return np.load(io.BytesIO(await downloaded(client, url)))


def chunks(path):
    with requests.Session() as http, open(path, "wb") as file:
        with http.get(f"{HOST}/vqc", stream=True) as answer:  # finds: DES-10
            for block in answer.iter_content(4096):
                file.write(block)


def bound(circuit):
    values = requests.get(f"{HOST}/su2", timeout=9).json()["values"]  # finds: DES-10
    return circuit.assign_parameters(values)


class Weights:
    def __init__(self, values):
        self.values = values

    @classmethod
    def from_url(cls, url):
        with urllib.request.urlopen(url) as answer:  # finds: DES-10
            return cls(json.loads(answer.read()))


def by_partial():
    return torch.load(io.BytesIO(fetch(f"{HOST}/vqc").content))  # finds: DES-10


def with_pooch():
    return pooch.retrieve(f"{HOST}/data.csv", known_hash=None)  # finds: DES-10


def by_curl():
    subprocess.run(["curl", "-O", "https://models.example.org/vqc.pt"], check=True)  # finds: DES-10


def by_wget():
    os.system("wget https://models.example.org/vqc.npz")  # finds: DES-10


def logged_only(path):
    import hashlib

    data = requests.get(f"{HOST}/vqc.npz").content  # finds: DES-10
    print(hashlib.sha256(data).hexdigest())
    path.write_bytes(data)


def written_then_loaded(url, target):
    with requests.get(url, stream=True) as answer, open(target, "wb") as file:  # finds: DES-10
        for chunk in answer.iter_content(8192):
            file.write(chunk)
    return torch.load(target, weights_only=True)
