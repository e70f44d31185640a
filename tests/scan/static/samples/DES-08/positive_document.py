"""Names in documents: of an opened option, and of a queued message."""

import argparse
import json
import sys

import cirq
import pennylane as qml
from celery import shared_task


def operation(op, line):
    gate = getattr(cirq, op["gate"], None)  # finds: DES-08
    return gate(*(line[index] for index in op["on"]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file", nargs="?", type=argparse.FileType(), default=sys.stdin)
    document = json.load(parser.parse_args().file)
    return [operation(op, cirq.LineQubit.range(3)) for op in document["ops"]]


@shared_task
def train(message: str):
    cfg = json.loads(message)
    rule = getattr(qml, cfg.get("optimizer", "AdamOptimizer"))  # finds: DES-08
    return rule(stepsize=0.1)
