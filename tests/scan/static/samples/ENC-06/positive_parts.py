"""Fits on joined parts, before helpers that split, and on what is answered."""

import numpy as np
import pandas as pd
import pennylane as qml
from sklearn.decomposition import PCA
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler, minmax_scale
from sklearn.svm import SVC
from torch.utils.data import TensorDataset, random_split

device = qml.device("default.qubit", wires=4)


def joined_frames(train, test):
    steps = make_pipeline(StandardScaler(), PCA(4))
    steps.fit(pd.concat([train, test]))  # finds: ENC-06
    return steps.transform(train), steps.transform(test)


def read(path):
    return np.loadtxt(path, delimiter=",")


def joined_files(train_file, test_file):
    a, b = read(train_file), read(test_file)
    both = np.vstack([a, b])
    scaler = MinMaxScaler().fit(both)  # finds: ENC-06
    return scaler.transform(a), scaler.transform(b)


def joined_again(X, y):
    a, b, ya, yb = train_test_split(X, y)
    scaler = StandardScaler().fit(np.concatenate((a, b)))  # finds: ENC-06
    return scaler.transform(a), scaler.transform(b), ya, yb


def joined_rows(x_tr, x_te):
    return MinMaxScaler().fit(np.r_[x_tr, x_te])  # finds: ENC-06


def holdout(X, y, share=0.3):
    order = np.random.permutation(len(X))
    n = int(len(X) * share)
    return X[order[n:]], X[order[:n]], y[order[n:]], y[order[:n]]


def by_helper(X, y):
    Z = make_pipeline(StandardScaler(), PCA(4)).fit_transform(X)  # finds: ENC-06
    return holdout(Z, y)


def inside(X, y):
    return train_test_split(MinMaxScaler().fit_transform(X), y)  # finds: ENC-06


def at_once(X, y):
    X = minmax_scale(X)  # finds: ENC-06
    return cross_val_score(SVC(), X, y)


def load(path):
    table = pd.read_csv(path)
    X = StandardScaler().fit_transform(table.drop(columns="label"))  # finds: ENC-06
    return X, table["label"]


def experiment(path):
    X, y = load(path)
    return train_test_split(X, y)


def for_torch(X, y):
    angles = MinMaxScaler((0, np.pi)).fit_transform(X)  # finds: ENC-06
    data = TensorDataset(angles, y)
    return random_split(data, [80, 20])


class Data:
    """Scales everything when it is made, and splits later."""

    def __init__(self, X, y):
        self.X = MinMaxScaler().fit_transform(X)  # finds: ENC-06
        self.y = y

    def parts(self):
        return train_test_split(self.X, self.y)


class Angles:
    """A step that learns its range anew whenever it is used."""

    def __init__(self):
        self.scaler = MinMaxScaler((0, np.pi))

    def transform(self, rows):
        return self.scaler.fit_transform(rows)  # finds: ENC-06


class Table:
    """Scales its columns in place and draws the training rows afterwards."""

    def __init__(self, table):
        self.table = table
        self.scaler = MinMaxScaler()

    def parts(self):
        columns = [name for name in self.table if name != "label"]
        self.table[columns] = self.scaler.fit_transform(self.table[columns])  # finds: ENC-06
        first = self.table.sample(frac=0.8, random_state=3)
        return first, self.table.drop(first.index)


def by_mask(X):
    scaler = StandardScaler()
    scaler.fit(X)  # finds: ENC-06
    Z = scaler.transform(X)
    mask = np.random.rand(len(Z)) < 0.8
    return Z[mask], Z[~mask]


def scaled(X):
    return MinMaxScaler().fit_transform(X)  # finds: ENC-06


def study(X, y):
    X = scaled(X)
    return train_test_split(X, y)


def each(part):
    scaler = StandardScaler()
    return scaler.fit_transform(part)  # finds: ENC-06


def compare(X_train, X_test):
    return each(X_train), each(X_test)


def chained(X, y):
    Z = PCA(4).fit(X).transform(X)  # finds: ENC-06
    return train_test_split(Z, y)
