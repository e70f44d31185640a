import functools
from concurrent.futures import ThreadPoolExecutor

import torch

read = functools.partial(torch.load, map_location="cpu", weights_only=False)
OPTIONS = {"map_location": "cpu", "weights_only": False}


def one(path):
    return read(path)  # finds: DES-02


def options(path):
    return torch.load(path, **OPTIONS)  # finds: DES-02


def many(paths):
    with ThreadPoolExecutor() as pool:
        return list(pool.map(torch.load, paths))  # finds: DES-02
