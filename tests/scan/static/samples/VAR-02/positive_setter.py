"""A method that a request handler calls, a thread's class and a polled queue."""

import threading

import pennylane as qml
from flask import Flask, request
import numpy as np

app = Flask(__name__)


class Online:
    def __init__(self, cost):
        self.cost = cost
        self.theta = np.zeros(4)

    def adopt(self, values):
        self.theta = np.asarray(values)  # finds: VAR-02

    def shrink(self, factor):
        self.scale = factor  # ok

    def run(self):
        optimizer = qml.AdamOptimizer(0.1)
        while True:
            self.theta, loss = optimizer.step_and_cost(self.cost, self.theta)


ONLINE = Online(lambda theta: theta.sum())


@app.post("/theta")
def receive():
    ONLINE.adopt(request.json["theta"])
    return "ok"


class Poker(threading.Thread):
    def __init__(self, online, inbox):
        super().__init__(daemon=True)
        self.online, self.inbox = online, inbox

    def run(self):
        while True:
            self.online.theta[:] = self.inbox.get()  # finds: VAR-02


def polled(cost, weights, inbox):
    optimizer = qml.AdamOptimizer(0.1)
    for _ in range(10):
        if not inbox.empty():
            weights = inbox.get_nowait()  # finds: VAR-02
        weights, loss = optimizer.step_and_cost(cost, weights)
    return weights


def mapped(cost, memory):
    weights = np.ndarray((4,), buffer=memory.buf)  # finds: VAR-02
    optimizer = qml.AdamOptimizer(0.1)
    for _ in range(10):
        weights[:] = optimizer.step(cost, weights)


def kept(cost, memory):
    weights = np.zeros(4)
    seen = np.ndarray((4,), buffer=memory.buf)  # ok: only shown to others
    optimizer = qml.AdamOptimizer(0.1)
    for _ in range(10):
        weights = optimizer.step(cost, weights)
        seen[:] = weights
