import hashlib
import hmac
import io
import json
import os
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import pooch
import requests

HOST = "https://models.example.org"
PINS = {"vqc": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"}


class Changed(ValueError):
    pass


def verified(name, data):
    found = hashlib.sha256(data).hexdigest()
    if not hmac.compare_digest(found, PINS[name]):
        raise Changed(name)
    return data


def download(name):
    answer = requests.get(f"{HOST}/{name}.npz", timeout=9)  # ok
    answer.raise_for_status()
    return verified(name, answer.content)


def load(name):
    return np.load(io.BytesIO(download(name)))  # ok


def chunks(url):
    with requests.get(url, stream=True, timeout=9) as answer:  # ok
        yield from answer.iter_content(1 << 16)


def stored(name, path):
    digest = hashlib.sha256()
    with open(path, "wb") as file:
        for block in chunks(f"{HOST}/{name}.npz"):
            digest.update(block)
            file.write(block)
    if digest.hexdigest() != PINS[name]:
        path.unlink()
        raise Changed(name)


def picture(path):
    Path(path).write_bytes(requests.get(f"{HOST}/plot.png").content)  # ok


def job(session, identity):
    reply = session.get(f"{HOST}/jobs/{identity}", timeout=9).json()  # ok
    return reply["status"]


def counts(session, identity):
    return session.get(f"{HOST}/jobs/{identity}/results", timeout=9).json()["histogram"]  # ok


def with_pooch():
    return pooch.retrieve(f"{HOST}/data.csv", known_hash="sha256:" + PINS["vqc"])  # ok


def by_curl():
    subprocess.run(
        "curl -O https://models.example.org/vqc.pt && sha256sum -c vqc.sha256",  # ok
        shell=True,
        check=True,
    )


def page():
    os.system("wget https://example.org/index.html")  # ok


def bucket(client, key):
    data = client.get_object(Bucket="results", Key=key)["Body"].read()  # ok
    return zipfile.ZipFile(io.BytesIO(data)), json.dumps(key)
