"""Objects of cloud storage that are checked, or hold no model."""

import hashlib
import json
from pathlib import Path

import boto3
import numpy as np

KNOWN = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def weights(key):
    boto3.client("s3").download_file("models", key, "w.npy")  # ok
    if hashlib.sha256(Path("w.npy").read_bytes()).hexdigest() != KNOWN:
        raise ValueError("unexpected weights")
    return np.load("w.npy")


def report(key):
    boto3.client("s3").download_file("reports", key, "report.json")  # ok
    return json.loads(Path("report.json").read_text())
