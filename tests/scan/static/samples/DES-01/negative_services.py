import ast
import json
import pickle

import h5py
import numpy as np
import requests
from safetensors.torch import load_file


class Registry:
    def load(self, name):
        return name

    def loads(self, text):
        return text


def typed(url):
    return json.loads(requests.get(url).text)  # ok


def arrays(path):
    return np.load(path, allow_pickle=False)  # ok


def tensors(path):
    return load_file(path)  # ok


def own_loader(name):
    return Registry().load(name)  # ok


def attribute(model, path):
    return model.load(path)  # ok


def round_trip(circuit):
    return pickle.loads(pickle.dumps(circuit))  # ok


def constant_bytes():
    return pickle.loads(b"\x80\x04N.")  # ok


def writes(model, path):
    with open(path, "wb") as file:
        pickle.dump(model, file)  # ok


class Restricted(pickle.Unpickler):
    def find_class(self, module, name):
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed")


def restricted(path):
    with open(path, "rb") as file:
        return Restricted(file).load()  # ok


def literal(text):
    return ast.literal_eval(text)  # ok


def hdf(path):
    with h5py.File(path) as file:
        return file["weights"][:]  # ok


class pickler:
    loads = staticmethod(str.upper)


def shadowed(text):
    return pickler.loads(text)  # ok
