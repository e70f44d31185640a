import hashlib
import json

from qiskit_machine_learning.algorithms import VQC

READERS = {"json": json.load, "weights": json.loads}
KINDS = {"vqc": VQC}
PIN = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"


def plain(kind, file):
    return READERS[kind](file)  # ok


def fixed():
    return KINDS["vqc"].load("models/vqc.model")  # ok


def checked(path):
    with open(path, "rb") as file:
        if hashlib.sha256(file.read()).hexdigest() != PIN:
            raise ValueError(path)
    return KINDS["vqc"].load(path)  # ok


class Table:
    @classmethod
    def read(cls, path):
        return cls.load(path)  # ok

    @classmethod
    def load(cls, path):
        with open(path) as file:
            return json.load(file)


class Plain(VQC):
    @classmethod
    def load(cls, path):
        with open(path) as file:
            return cls(**json.load(file))


def plain_model(path):
    return Plain.load(path)  # ok
