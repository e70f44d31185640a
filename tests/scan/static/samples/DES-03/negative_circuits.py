import hashlib
import io
import sys

from qiskit import QuantumCircuit, qasm3, qpy

KNOWN = {"5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"}


def bounded(name):
    with open(name, "rb") as file:
        return qpy.load(file, min_qpy_version=13)  # ok


def round_trip(circuit):
    buffer = io.BytesIO()
    qpy.dump(circuit, buffer)
    buffer.seek(0)
    return qpy.load(buffer)  # ok


def own(circuit, name):
    with open(name, "wb") as file:
        qpy.dump(circuit, file)
    with open(name, "rb") as file:
        return qpy.load(file)  # ok


def admitted(name):
    with open(name, "rb") as file:
        check_header(file)
        return qpy.load(file)  # ok


def check_header(file):
    if file.read(6) != b"QISKIT":
        raise ValueError("not QPY")
    file.seek(0)


def verified(name):
    data = open(name, "rb").read()
    if hashlib.sha256(data).hexdigest() not in KNOWN:
        raise ValueError("unknown file")
    return qpy.load(io.BytesIO(data))  # ok


def text(program):
    return qasm3.loads(program)  # ok


def dumped(circuit, name):
    with open(name, "wb") as file:
        qpy.dump(circuit, file)  # ok


def packaged():
    from importlib import resources

    with resources.files("package").joinpath("ansatz.qpy").open("rb") as file:
        return qpy.load(file)  # ok


class qpylike:
    @staticmethod
    def load(file):
        return file


def other():
    return qpylike.load(open(sys.argv[1]))  # ok


def beside():
    import pathlib

    here = pathlib.Path(__file__).parent / "data.qpy"
    with open(here, "rb") as file:
        return qpy.load(file)  # ok


def built():
    return QuantumCircuit(2)  # ok
