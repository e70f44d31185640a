import json
import os

import numpy as np
import pennylane as qml
import pika
from pennylane import numpy as pnp

dev = qml.device("default.qubit", wires=2)
OUTPUT = "/data/harbor/theta.npy"
X = pnp.array([[0.1, 0.4], [0.9, 1.1], [2.2, 0.3]], requires_grad=False)
Y = pnp.array([1, -1, 1], requires_grad=False)


@qml.qnode(dev)
def net(x, w):
    qml.AngleEmbedding(x, wires=[0, 1])
    qml.BasicEntanglerLayers(w, wires=[0, 1])
    return qml.expval(qml.PauliZ(0))


def cost(w):
    return sum((net(x, w) - y) ** 2 for x, y in zip(X, Y))


class Trainer:
    def __init__(self, seed: int = 11):
        self.start = np.random.default_rng(seed).normal(0, 0.1, (3, 2))

    def run(self, lr, rounds):
        w = pnp.array(self.start, requires_grad=True)
        opt = qml.AdamOptimizer(lr)
        for i in range(rounds):
            w, value = opt.step_and_cost(cost, w)
            if i % 10 == 0:
                np.save(OUTPUT, w)
        return value

    def on_message(self, channel, method, properties, body):
        order = json.loads(body)
        last = self.run(order["learning_rate"], order["rounds"])
        channel.basic_publish("", "trained", json.dumps({"loss": float(last)}))
        channel.basic_ack(method.delivery_tag)


if __name__ == "__main__":
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["AMQP_URL"]))
    ch = connection.channel()
    ch.queue_declare("train", durable=True)
    ch.basic_qos(prefetch_count=1)
    ch.basic_consume("train", Trainer().on_message)
    ch.start_consuming()
