import hashlib
import urllib.request

import pandas as pd
import pennylane as qml
import requests
import torch
from huggingface_hub import hf_hub_download

DIGEST = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"


def checked():
    urllib.request.urlretrieve("https://models.example.org/qnn.npz", "qnn.npz")  # ok
    with open("qnn.npz", "rb") as file:
        if hashlib.sha256(file.read()).hexdigest() != DIGEST:
            raise ValueError("the file changed")


def helper():
    data = requests.get("https://models.example.org/qnn.npz").content  # ok
    verify_digest(data)
    return data


def verify_digest(data):
    assert hashlib.sha256(data).hexdigest() == DIGEST


def status():
    return requests.get("https://api.example.org/v1/jobs").json()  # ok


def pinned():
    revision = "0123456789abcdef0123456789abcdef01234567"
    return hf_hub_download("someone/qnn", "model.safetensors", revision=revision)  # ok


def zoo():
    url = "https://models.example.org/qnn-2c26b46b.pth"
    return torch.hub.load_state_dict_from_url(url, check_hash=True)  # ok


def local():
    return pd.read_csv("iris.csv")  # ok


def listing():
    return qml.data.list_datasets()  # ok


def page():
    return requests.get("https://example.org/index.html").text  # ok
