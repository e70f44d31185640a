import io
import urllib.request
from urllib.request import urlretrieve

import numpy as np
import pandas as pd
import pennylane as qml
import requests
import torch
from huggingface_hub import hf_hub_download

SERVER = "https://models.example.org"


def weights():
    urlretrieve("https://models.example.org/qnn.npz", "qnn.npz")  # finds: DES-10
    return np.load("qnn.npz")


def plain():
    urllib.request.urlretrieve("http://models.example.org/data", "data.csv")  # finds: DES-10


def written():
    answer = requests.get(f"{SERVER}/weights.npy", timeout=5)  # finds: DES-10
    with open("weights.npy", "wb") as file:
        file.write(answer.content)


def memory(name):
    answer = requests.get(f"{SERVER}/{name}")  # finds: DES-10
    return np.load(io.BytesIO(answer.content))


def hub():
    return hf_hub_download("someone/qnn", "model.safetensors")  # finds: DES-10


def zoo():
    return torch.hub.load_state_dict_from_url(f"{SERVER}/qnn.pth")  # finds: DES-10


def table():
    return pd.read_csv("http://data.example.org/iris.csv")  # finds: DES-10


def dataset():
    return qml.data.load("qchem", molname="H2")  # finds: DES-10 low
