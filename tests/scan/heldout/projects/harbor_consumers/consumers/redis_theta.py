"""Trainer that other nodes can follow, and steer, over Redis."""
import json
import logging
import os
import threading

import numpy as np
import pennylane as qml
import redis
from pennylane import numpy as pnp

log = logging.getLogger("harbor.follow")
dev = qml.device("default.qubit", wires=3)


@qml.qnode(dev)
def energy(w):
    qml.StronglyEntanglingLayers(w, wires=range(3))
    return qml.expval(qml.PauliZ(0) @ qml.PauliZ(1))


class SharedTrainer:
    def __init__(self, url: str):
        self.bus = redis.Redis.from_url(url)
        rng = np.random.default_rng(int(os.environ.get("SEED", "3")))
        self.weights = pnp.array(rng.normal(0, 0.05, (2, 3, 3)), requires_grad=True)

    def _listen(self) -> None:
        channel = self.bus.pubsub()
        channel.subscribe("theta")
        for item in channel.listen():
            if item["type"] == "message":
                self.weights = pnp.array(json.loads(item["data"]), requires_grad=True)

    def train(self, steps: int = 300):
        threading.Thread(target=self._listen, daemon=True).start()
        opt = qml.AdamOptimizer(0.02)
        for step in range(steps):
            self.weights, value = opt.step_and_cost(energy, self.weights)
            if not np.isfinite(value):
                raise FloatingPointError(f"energy is {value} at step {step}")
            if step % 25 == 0:
                self.bus.publish("progress", json.dumps({"step": step, "energy": float(value)}))
        return self.weights.copy()


if __name__ == "__main__":
    SharedTrainer(os.environ["REDIS_URL"]).train()
