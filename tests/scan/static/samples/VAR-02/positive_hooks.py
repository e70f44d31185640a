"""Descent by hand, hooks, callbacks of clients, and a reader in the loop."""

import json
import signal

import numpy as np
import paho.mqtt.client as mqtt
import pennylane as qml
import torch

device = qml.device("default.qubit", wires=4)


class Steered:
    def __init__(self, cost):
        self.cost = cost
        self.theta = np.zeros(4)
        self.hooks = []
        self.client = mqtt.Client()
        self.client.on_message = self.correct
        signal.signal(signal.SIGUSR1, self.take_over)

    def correct(self, client, data, message):
        self.theta = self.theta + np.array(json.loads(message.payload))  # finds: VAR-02

    def take_over(self, number, frame):
        self.theta[:] = np.load("/scratch/steer.npy")  # finds: VAR-02

    def run(self, gradient):
        for step in range(100):
            grad = gradient(self.theta)
            self.theta = self.theta - 0.1 * grad
            for hook in self.hooks:
                hook(self, step)


def damp(run, step):
    run.theta *= 0.5  # finds: VAR-02


def watch(run, step):
    print(step, run.theta)  # ok


def start(cost, gradient):
    run = Steered(cost)
    run.hooks.append(damp)
    run.hooks.append(watch)
    run.run(gradient)


def blend(network):
    with np.load("/shared/override.npz") as archive:
        for name, parameter in network.named_parameters():
            parameter.data.copy_(torch.from_numpy(archive[name]))  # finds: VAR-02


def train(network, batches):
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    for batch in batches:
        optimizer.zero_grad()
        network(batch).sum().backward()
        optimizer.step()
        blend(network)


def reloaded(network, batches):
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    for batch in batches:
        network.load_state_dict(torch.load("/shared/newest.pt"))  # finds: VAR-02
        network(batch).sum().backward()
        optimizer.step()


def newest(path):
    return np.load(path)


def pulled(cost, path):
    optimizer = qml.AdamOptimizer(0.1)
    weights = np.zeros(4)
    for _ in range(10):
        weights = newest(path)  # finds: VAR-02
        weights, loss = optimizer.step_and_cost(cost, weights)
    return weights
