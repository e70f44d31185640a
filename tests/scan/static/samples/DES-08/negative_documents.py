import argparse
import json

import pennylane as qml
import torch

ALLOWED = {"Adam", "SGD"}
BUILDERS = {"adam": qml.AdamOptimizer}


def fixed():
    with open("settings.json") as file:
        return getattr(torch.optim, json.load(file)["optimizer"])  # ok


def option():
    parser = argparse.ArgumentParser()
    parser.add_argument("--optimizer", default="Adam")
    return getattr(torch.optim, parser.parse_args().optimizer)  # ok


def listed(path):
    with open(path) as file:
        name = json.load(file)["optimizer"]
    if name not in ALLOWED:
        raise ValueError(name)
    return getattr(torch.optim, name)  # ok


def table(payload):
    return BUILDERS[payload["optimizer"]]()  # ok


def copied(payload):
    return {key: getattr(qml, key) for key in ("RX", "RY")} | {"n": len(payload)}  # ok


def own_settings(path):
    with open(path) as file:
        config = json.load(file)
    return getattr(torch.optim, config["optimizer"])  # ok
