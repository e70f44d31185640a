import jax
import pennylane as qml

dev = qml.device("default.qubit", wires=2)


def make_node(wires):
    @qml.qnode(dev)
    def node(x, theta):
        qml.AngleEmbedding(x, wires=range(wires))
        for w in range(wires):
            qml.RY(theta[w], wires=w)
        return qml.expval(qml.PauliZ(0))

    return node


def compiled(wires):
    return jax.jit(make_node(wires))


class Scorer:
    def __init__(self):
        self.node = qml.QNode(self._circuit, dev)

    def _circuit(self, x, w):
        qml.AngleEmbedding(x, wires=range(2))
        qml.StronglyEntanglingLayers(w, wires=range(2))
        return qml.expval(qml.PauliZ(0))

    def score(self, rows, w):
        return [float(self.node(x, w)) for x in rows]
