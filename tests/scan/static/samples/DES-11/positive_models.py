import sys

from qiskit_machine_learning.algorithms import QSVC, VQC, NeuralNetworkClassifier
from qiskit_machine_learning.algorithms.classifiers import PegasosQSVC


def argument():
    return VQC.load(sys.argv[1])  # finds: DES-11


def handed(path):
    return QSVC.load(path)  # finds: DES-11


def joined(folder, name):
    return NeuralNetworkClassifier.load(f"{folder}/{name}.model")  # finds: DES-11


def newest(paths):
    return PegasosQSVC.load(max(paths))  # finds: DES-11


def asked():
    return VQC.load(input())  # finds: DES-11
