import hashlib

from pennylane import numpy as pnp
from ruamel.yaml import YAML

PIN = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"


def plain(path):
    return pnp.load(path, allow_pickle=False)  # ok


def settings(path):
    return YAML(typ="safe").load(path)  # ok


def pinned(path):
    with open(path, "rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == PIN
    return pnp.load(path, allow_pickle=True)  # finds: DES-09 note


def off_by_default(path, allow_pickle=False):
    return pnp.load(path, allow_pickle=allow_pickle)  # ok
