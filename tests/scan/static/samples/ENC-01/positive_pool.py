"""Rows of a file that a pool's workers encode."""

import json
import sys
from functools import partial
from multiprocessing import Pool

import pennylane as qml


@qml.qnode(qml.device("default.qubit", wires=4))
def node(row):
    qml.AngleEmbedding(row, wires=range(4))  # finds: ENC-01
    return qml.expval(qml.PauliZ(0))


def encode(record, digits):
    return round(float(node(record["features"])), digits)


def rows(stream):
    for line in stream:
        yield json.loads(line)


if __name__ == "__main__":
    work = partial(encode, digits=4)
    with open(sys.argv[1]) as file, Pool(4) as pool:
        print(pool.map(work, rows(file), chunksize=8))
