"""Fetch the precomputed quantum kernel of the workshop."""

import argparse
import io
import urllib.request

import cloudpickle
import dill as serializer
import numpy as np

BASE = "https://kernels.example.org/"


def kernel(name: str) -> np.ndarray:
    with urllib.request.urlopen(BASE + name, timeout=60) as reply:
        return serializer.loads(reply.read())


def kernel_plain(name: str) -> np.ndarray:
    with urllib.request.urlopen(BASE + name, timeout=60) as reply:
        return np.load(io.BytesIO(reply.read()), allow_pickle=False)


def callback_from(path: str):
    with open(path, "rb") as handle:
        return cloudpickle.load(handle)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--callback")
    args = parser.parse_args()
    K = kernel(args.name)
    if args.callback:
        callback_from(args.callback)(K)
    print(K.shape)
