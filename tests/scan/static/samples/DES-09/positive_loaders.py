import sys

import numpy as np
import yaml
from numpy import load
from yaml import Loader

import pennylane.numpy as pnp


def settings():
    with open(sys.argv[1]) as file:
        return yaml.load(file, Loader=yaml.Loader)  # finds: DES-09 high


def unsafe(path):
    with open(path) as file:
        return yaml.unsafe_load(file)  # finds: DES-09 high


def full(path):
    with open(path) as file:
        return yaml.full_load(file)  # finds: DES-09 low


def imported(path):
    return yaml.load(open(path), Loader)  # finds: DES-09 high


def unsafe_loader(path):
    return yaml.load(open(path), Loader=yaml.UnsafeLoader)  # finds: DES-09 high


def many(path):
    return list(yaml.load_all(open(path), Loader=yaml.FullLoader))  # finds: DES-09 low


def old(path):
    with open(path) as file:
        return yaml.load(file)  # finds: DES-09 high


def array():
    return np.load(sys.argv[1], allow_pickle=True)  # finds: DES-09 high


def handed(path):
    return np.load(path, allow_pickle=True)  # finds: DES-09 medium


def bare(path):
    return load(path, allow_pickle=True)  # finds: DES-09 medium


def constant():
    return np.load("weights.npy", allow_pickle=True).item()  # finds: DES-09 medium


def own(values):
    np.save("weights.npy", values)
    return np.load("weights.npy", allow_pickle=True)  # finds: DES-09 note


def opted(path, trust=False):
    if not trust:
        raise ValueError(path)
    with open(path, "rb") as file:
        return np.load(file, allow_pickle=True)  # finds: DES-09 low


pnp.pi
