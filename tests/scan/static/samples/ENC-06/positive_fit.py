"""Transforms that have seen what they must not."""

import numpy as np
import pennylane as qml
from sklearn.decomposition import PCA
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler, StandardScaler

device = qml.device("default.qubit", wires=4)


def prepare(X, y):
    scaled = MinMaxScaler((0, np.pi)).fit_transform(X)  # finds: ENC-06
    return train_test_split(scaled, y, random_state=0)


def projected(X, y):
    pca = PCA(n_components=4)
    pca.fit(X)  # finds: ENC-06
    Z = pca.transform(X)
    return train_test_split(Z, y, test_size=0.2, random_state=1)


def twice(X_train, X_test):
    scaler = StandardScaler()
    return scaler.fit_transform(X_train), scaler.fit_transform(X_test)  # finds: ENC-06


def joined(X_train, X_test):
    scaler = MinMaxScaler()
    scaler.fit(np.vstack([X_train, X_test]))  # finds: ENC-06
    return scaler


def predict(model, batch):
    angles = MinMaxScaler().fit_transform(batch)  # finds: ENC-06
    return [model(row) for row in angles]
