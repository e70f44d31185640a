"""Fits the transforms on the training part only and keeps them."""

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.decomposition import PCA
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler


def data(seed: int = 0):
    X, y = load_breast_cancer(return_X_y=True)
    return train_test_split(X, y, test_size=0.25, random_state=seed, stratify=y)


def transforms(n: int = 4):
    return make_pipeline(PCA(n_components=n, random_state=0), MinMaxScaler((0, np.pi), clip=True))


def prepared(n: int = 4):
    X_train, X_test, y_train, y_test = data()
    steps = transforms(n)
    Z_train = steps.fit_transform(X_train)
    Z_test = steps.transform(X_test)
    return Z_train, Z_test, y_train, y_test


if __name__ == "__main__":
    print([part.shape for part in prepared()])
