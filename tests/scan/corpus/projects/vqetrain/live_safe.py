"""Training with a control page that can only read and stop."""

import threading

import numpy as np
import pennylane as qml
from flask import Flask

app = Flask(__name__)
dev = qml.device("default.qubit", wires=2)
stop = threading.Event()


@qml.qnode(dev)
def cost(theta):
    qml.RY(theta[0], wires=0)
    qml.RY(theta[1], wires=1)
    return qml.expval(qml.PauliZ(0) @ qml.PauliZ(1))


class Run:
    """Owns the parameters; others see copies."""

    def __init__(self) -> None:
        self._theta = np.array([0.1, 0.2])
        self.losses: list[float] = []

    def snapshot(self) -> list[float]:
        return self._theta.copy().tolist()

    def work(self, steps: int) -> None:
        optimizer = qml.AdamOptimizer(0.1)
        theta = self._theta.copy()
        for _ in range(steps):
            theta, value = optimizer.step_and_cost(cost, theta)
            if stop.is_set() or not np.isfinite(value):
                return
            self.losses.append(float(value))
            self._theta = theta


RUN = Run()


@app.get("/theta")
def read():
    return {"theta": RUN.snapshot(), "losses": RUN.losses[-20:]}


@app.post("/stop")
def halt():
    stop.set()
    return {"stopping": True}
