import io

import numpy as np
import requests
import torch

from layers import Scorer, make_node


def pull(url):
    reply = requests.get(url, timeout=9)
    with np.load(io.BytesIO(reply.content)) as archive:
        return archive["theta"]


def check(theta):
    node = make_node(2)
    return float(node([0.1, 0.2], theta))  # finds: VAR-01 high


def main(url):
    return check(pull(url))


class Node:
    def __init__(self, session):
        self.session = requests.Session()
        self.scorer = Scorer()

    def weights(self, url):
        return np.array(self.session.get(url).json()["weights"])

    def round(self, url, rows):
        fresh = self.weights(url)
        return self.scorer.score(rows, fresh)  # finds: VAR-01 high


def restore(head, path):
    blob = torch.load(path, map_location="cpu")
    head.load_state_dict(blob["model"])  # finds: VAR-01 high
