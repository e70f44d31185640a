import hashlib
import sys

import numpy as np
from qiskit_machine_learning.algorithms import VQC

KNOWN = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"


class Model:
    @classmethod
    def load(cls, path):
        return np.load(path)


def constant():
    return VQC.load("trained.model")  # ok


def own_class():
    return Model.load(sys.argv[1])  # ok


def verified(path):
    digest = hashlib.sha256(open(path, "rb").read()).hexdigest()
    if digest != KNOWN:
        raise ValueError(path)
    return VQC.load(path)  # ok


def saved(model, path):
    model.save(path)  # ok


def round_trip(model, path):
    model.save(path)
    return VQC.load(path)  # ok
