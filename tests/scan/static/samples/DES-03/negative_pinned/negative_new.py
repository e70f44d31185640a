from qiskit import qpy


def read(stream):
    return qpy.load(stream)  # ok


def constant():
    with open("circuit.qpy", "rb") as file:
        return qpy.load(file)  # ok


def outside(name):
    with open(name, "rb") as file:
        return qpy.load(file)  # finds: DES-03 medium
