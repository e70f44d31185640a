import sys

from pennylane import numpy as pnp
from ruamel.yaml import YAML

OPTIONS = {"allow_pickle": True}


def weights():
    return pnp.load(sys.argv[1], allow_pickle=True)  # finds: DES-09 high


def options(path):
    return pnp.load(path, **OPTIONS)  # finds: DES-09


def settings(path):
    yaml = YAML(typ="unsafe")
    return yaml.load(path)  # finds: DES-09


def by_default(path, allow_pickle=True):
    return pnp.load(path, allow_pickle=allow_pickle)  # finds: DES-09
