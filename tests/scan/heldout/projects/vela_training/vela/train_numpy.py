import argparse
import logging

import numpy as np
import pennylane as qml
from pennylane import numpy as pnp

from .datasets import moons

log = logging.getLogger("vela.numpy")
N, LAYERS = 2, 4
dev = qml.device("default.qubit", wires=N)


@qml.qnode(dev)
def classifier(w, x):
    for layer in w:
        qml.AngleEmbedding(x, wires=range(N))
        qml.Rot(*layer[0], wires=0)
        qml.Rot(*layer[1], wires=1)
        qml.CZ(wires=[0, 1])
    return qml.expval(qml.PauliZ(0))


def hinge(w, X, y):
    total = 0
    for xi, yi in zip(X, y):
        total = total + pnp.maximum(0, 1 - yi * classifier(w, xi))
    return total / len(y)


def parse(argv=None):
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--lr", type=float, default=0.05)
    p.add_argument("--epochs", type=int, choices=(20, 50, 100), default=50)
    return p.parse_args(argv)


def train(options):
    X_train, X_test, y_train, y_test = moons()
    w = pnp.array(np.random.uniform(0, 2 * np.pi, (LAYERS, N, 3)), requires_grad=True)
    opt = qml.AdamOptimizer(stepsize=options.lr)
    for epoch in range(options.epochs):
        (w, _, _), loss = opt.step_and_cost(hinge, w, X_train, y_train)
        np.save("weights_latest.npy", w)
        log.info("epoch %d loss %.4f", epoch, loss)
    return w, hinge(w, X_test, y_test)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    _, test_loss = train(parse())
    print(f"test {test_loss:.4f}")
