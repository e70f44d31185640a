"""The caller tunes the optimizer."""

import argparse

import optax
import pennylane as qml
import requests
import torch
from fastapi import FastAPI
from flask import Flask, request
from qiskit_algorithms.optimizers import SPSA
from scipy.optimize import minimize

app = Flask(__name__)
api = FastAPI()


@app.post("/train")
def train():
    return str(qml.AdamOptimizer(stepsize=float(request.json["lr"])))  # finds: VAR-03


@app.post("/spsa")
def spsa():
    return str(SPSA(maxiter=int(request.args["steps"])))  # finds: VAR-03


@api.post("/optax")
def with_optax(rate: float):
    return str(optax.sgd(learning_rate=rate))  # finds: VAR-03


def start(cost, url):
    x0 = requests.get(url, timeout=9).json()
    return minimize(cost, x0, method="COBYLA")  # finds: VAR-03


@app.post("/torch")
def with_torch():
    layer = torch.nn.Linear(2, 2)
    lr = request.json["lr"]
    return str(torch.optim.SGD(layer.parameters(), lr=lr))  # finds: VAR-03


def from_command_line():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.1)
    return qml.AdamOptimizer(parser.parse_args().lr)  # finds: VAR-03 low
