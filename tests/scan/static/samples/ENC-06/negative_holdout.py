"""A held-out part set aside first, and a fit that only describes the data."""

import pennylane as qml
from flask import Flask, request
from sklearn.decomposition import PCA
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler

app = Flask(__name__)
device = qml.device("default.qubit", wires=4)


def prepare(data, target, width):
    rows, held_rows, classes, held_classes = train_test_split(data, target, test_size=50)
    scaler = MinMaxScaler()
    rows = scaler.fit_transform(rows)  # ok
    held_rows = scaler.transform(held_rows)
    pca = PCA(n_components=width)
    rows = pca.fit_transform(rows)  # ok
    held_rows = pca.transform(held_rows)
    parts = train_test_split(rows, classes, train_size=100)
    return parts, held_rows, held_classes


@app.get("/summary")
def summary():
    pca = PCA(n_components=4)
    reduced = pca.fit_transform(request.get_json()["rows"])  # ok
    return {"explained": pca.explained_variance_ratio_.tolist()}
