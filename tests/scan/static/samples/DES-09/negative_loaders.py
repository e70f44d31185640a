import json

import numpy as np
import yaml
from yaml import CSafeLoader, SafeLoader


class Strict(yaml.SafeLoader):
    pass


def safe(path):
    return yaml.safe_load(open(path))  # ok


def safe_loader(path):
    return yaml.load(open(path), Loader=yaml.SafeLoader)  # ok


def imported(path):
    return yaml.load(open(path), SafeLoader)  # ok


def fast(path):
    return yaml.load(open(path), Loader=CSafeLoader)  # ok


def base(path):
    return yaml.load(open(path), Loader=yaml.BaseLoader)  # ok


def own(path):
    return yaml.load(open(path), Loader=Strict)  # ok


def dumped(data):
    return yaml.dump(data)  # ok


def array(path):
    return np.load(path)  # ok


def explicit(path):
    return np.load(path, allow_pickle=False)  # ok


def saved(path, values):
    np.save(path, values, allow_pickle=True)  # ok


def plain(path):
    return json.load(open(path))  # ok


def text(path):
    return np.loadtxt(path)  # ok
