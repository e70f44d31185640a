"""Models with a feature map that are trained on raw columns."""

import pandas as pd
from qiskit.circuit.library import RealAmplitudes, ZZFeatureMap
from qiskit_machine_learning.algorithms import QSVC, VQC
from qiskit_machine_learning.kernels import FidelityQuantumKernel
from sklearn.datasets import load_wine
from sklearn.svm import SVC


def build(stored=None):
    if stored:
        return VQC.load(stored)
    return VQC(feature_map=ZZFeatureMap(4), ansatz=RealAmplitudes(4))


def train(path, stored):
    table = pd.read_csv(path)
    X = table[["age", "income", "debt", "lines"]].to_numpy()
    model = build(stored)
    model.fit(X, table["label"])  # finds: ENC-02
    return model


def kernel_model():
    X, y = load_wine(return_X_y=True)
    model = QSVC(quantum_kernel=FidelityQuantumKernel(feature_map=ZZFeatureMap(13)))
    model.fit(X, y)  # finds: ENC-02
    return model


def callable_kernel():
    X, y = load_wine(return_X_y=True)
    kernel = FidelityQuantumKernel(feature_map=ZZFeatureMap(13))
    model = SVC(kernel=kernel.evaluate)
    return model.fit(X, y)  # finds: ENC-02
