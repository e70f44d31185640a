"""Objects of cloud storage that become models."""

import os
import tempfile

import boto3
import numpy as np
from google.cloud import storage
from qiskit_machine_learning.algorithms import QSVC


def model(key):
    path = os.path.join(tempfile.gettempdir(), "model")
    boto3.client("s3").download_file("models", key, path)  # finds: DES-10
    return QSVC.load(path)


def weights(name):
    storage.Client().bucket("models").blob(name).download_to_filename("w.npy")  # finds: DES-10
    return np.load("w.npy")
