"""Split first, fit on the training part."""

import numpy as np
import pennylane as qml
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.svm import SVC

device = qml.device("default.qubit", wires=4)


def prepare(X, y):
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
    scaler = MinMaxScaler((0, np.pi)).fit(X_train)  # ok
    return scaler.transform(X_train), scaler.transform(X_test), y_train, y_test


def labels(X, names):
    encoder = SVC(kernel="precomputed")
    encoder.fit(X, names)  # ok
    return train_test_split(X, names, random_state=0)


def only_train(X_train, X_test):
    scaler = StandardScaler()
    return scaler.fit_transform(X_train), scaler.transform(X_test)  # ok


def predict(model, scaler, batch):
    return [model(row) for row in scaler.transform(batch)]  # ok


def other_function(X):
    return MinMaxScaler().fit_transform(X)  # ok
