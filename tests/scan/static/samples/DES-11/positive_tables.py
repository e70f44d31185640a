import asyncio
import sys
from functools import partial

from qiskit_machine_learning import algorithms
from qiskit_machine_learning.algorithms import QSVC, VQC
from qiskit_machine_learning.algorithms import NeuralNetworkRegressor as Regressor

KINDS = {"vqc": VQC, "qsvc": QSVC}


def by_kind(kind, path):
    return KINDS[kind].load(path)  # finds: DES-11


def by_get(kind, path):
    chosen = KINDS.get(kind)
    return chosen.load(path)  # finds: DES-11


class Store:
    def restore(self, kind, path):
        cls = KINDS[kind]
        return cls.load(str(path))  # finds: DES-11


async def threaded(path):
    return await asyncio.to_thread(VQC.load, path)  # finds: DES-11


class Own(VQC):
    pass


def inherited(path):
    return Own.load(path)  # finds: DES-11


def by_name(kind, path):
    return getattr(algorithms, kind).load(path)  # finds: DES-11


def by_branch(kind, path):
    if kind == "vqc":
        cls = VQC
    else:
        cls = QSVC
    return cls.load(path)  # finds: DES-11


def tried(path):
    for cls in (VQC, QSVC):
        try:
            return cls.load(path)  # finds: DES-11
        except TypeError:
            continue
    raise ValueError(path)


revive = partial(Regressor.load)


def main():
    return revive(sys.argv[1])  # finds: DES-11
