"""Scaled columns, and a classical model that needs no angles."""

import numpy as np
from qiskit.circuit.library import ZZFeatureMap
from qiskit_machine_learning.algorithms import QSVC
from qiskit_machine_learning.kernels import FidelityQuantumKernel
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler
from sklearn.svm import SVC


def kernel_model():
    X, y = load_wine(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y)
    scaler = MinMaxScaler((0, np.pi)).fit(X_train)
    model = QSVC(quantum_kernel=FidelityQuantumKernel(feature_map=ZZFeatureMap(13)))
    model.fit(scaler.transform(X_train), y_train)  # ok
    return model.score(scaler.transform(X_test), y_test)


def classical():
    X, y = load_wine(return_X_y=True)
    return SVC(kernel="rbf").fit(X, y)  # ok
