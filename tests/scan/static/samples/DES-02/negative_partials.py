import functools
from concurrent.futures import ThreadPoolExecutor

import torch

read = functools.partial(torch.load, map_location="cpu", weights_only=True)
OPTIONS = {"map_location": "cpu", "weights_only": True}


def one(path):
    return read(path)  # ok


def options(path):
    return torch.load(path, **OPTIONS)  # ok


def dictionary(path):
    options = dict(map_location="cpu", weights_only=True)
    return torch.load(path, **options)  # ok


def pooled(path):
    with ThreadPoolExecutor() as pool:
        return pool.submit(torch.load, path, weights_only=True).result()  # ok
