"""Fits on the training part, of each row alone, or of data that is only cut into batches."""

import numpy as np
import pennylane as qml
from sklearn.decomposition import PCA
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, Normalizer, StandardScaler
from sklearn.svm import SVC

device = qml.device("default.qubit", wires=4)


def per_row(X, y):
    X = Normalizer().fit_transform(X)  # ok
    return train_test_split(X, y)


def with_model(X, y):
    model = make_pipeline(StandardScaler(), SVC())
    model.fit(X, y)  # ok
    return model


def batches(X):
    Z = MinMaxScaler().fit_transform(X)  # ok
    return np.array_split(Z, 8)


def two_sites(site_a, site_b):
    both = np.vstack([site_a, site_b])
    return PCA(4).fit(both)  # ok


def features(table, scaler=None):
    rows = table.to_numpy()
    if scaler is None:
        scaler = StandardScaler()
        rows = scaler.fit_transform(rows)  # ok
    else:
        rows = scaler.transform(rows)
    return rows, scaler


def study(train_table, test_table):
    X_train, scaler = features(train_table)
    X_test, _ = features(test_table, scaler)
    search = cross(X_train, train_table["label"])
    return search.predict(X_test)


def cross(X, y):
    return GridSearchCV(SVC(), {"C": [1, 10]}, cv=3).fit(X, y)


class Angles:
    """A step that is fitted once."""

    def __init__(self):
        self.scaler = MinMaxScaler((0, np.pi))

    def fit(self, rows):
        self.scaler.fit(rows)  # ok
        return self

    def transform(self, rows):
        return self.scaler.transform(rows)


def only(part):
    return StandardScaler().fit_transform(part)  # ok


def reference(X_train):
    return only(X_train)


def twice(X, y):
    X_dev, X_last, y_dev, y_last = train_test_split(X, y)
    scaler = MinMaxScaler().fit(X_dev)  # ok
    Z = scaler.transform(X_dev)
    return train_test_split(Z, y_dev), scaler.transform(X_last)
