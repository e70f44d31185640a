"""The order of a mapping decides which weight gets which number."""

import json
import urllib.request
from dataclasses import dataclass

import cirq
import numpy as np
import pennylane as qml
import requests


def resume(server, cost):
    document = requests.get(f"{server}/round").json()
    w = np.array(list(document["parameters"].values()))  # finds: VAR-06
    optimizer = qml.AdamOptimizer(0.1)
    for _ in range(10):
        w, loss = optimizer.step_and_cost(cost, w)
    return w


@dataclass
class Symbols:
    held: dict

    @classmethod
    def of_url(cls, url):
        with urllib.request.urlopen(url) as answer:
            return cls(json.loads(answer.read()))

    def resolver(self):
        return cirq.ParamResolver(self.held)  # finds: VAR-06
