import json

import boto3
import numpy as np
import pennylane as qml
import torch


class Head(torch.nn.Module):
    def __init__(self, node):
        super().__init__()
        self.quantum = qml.qnn.TorchLayer(node, {"weights": (2, 3)})
        self.inputs = torch.zeros(3)

    def replace(self, path):
        self.quantum.weights = torch.nn.Parameter(torch.load(path))  # finds: VAR-01 high

    def fill(self, path):
        with torch.no_grad():
            self.quantum.weights.copy_(torch.from_numpy(np.load(path)))  # finds: VAR-01 high

    def feed(self, path):
        self.inputs.copy_(torch.from_numpy(np.load(path)))  # ok


def stored(bucket, circuit, estimator, observable):
    client = boto3.client("s3")
    body = client.get_object(Bucket=bucket, Key="theta.json")["Body"].read()
    theta = np.array(json.loads(body))
    return estimator.run([(circuit, observable, theta)])  # finds: VAR-01 high
