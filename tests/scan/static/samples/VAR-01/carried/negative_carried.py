import hashlib
import io

import numpy as np
import requests

from layers import Scorer, make_node


def pull(url, digest):
    reply = requests.get(url, timeout=9)
    if hashlib.sha256(reply.content).hexdigest() != digest:
        raise ValueError("not the released weights")
    with np.load(io.BytesIO(reply.content)) as archive:
        return archive["theta"]


def check(url, digest):
    node = make_node(2)
    return float(node([0.1, 0.2], pull(url, digest)))


def rows(path, theta):
    data = np.load(path)
    return Scorer().score(data["rows"], theta)


def circuit_training(rows, labels):
    return np.zeros((2, 2, 3)), [0.0]


def fitted(path, labels):
    weights, history = circuit_training(np.load(path)["rows"], labels)
    return Scorer().score([[0.1, 0.2]], weights)
