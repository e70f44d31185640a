import argparse
import pathlib
import tempfile

import requests
from qiskit import QuantumCircuit, qasm2

READERS = {}


def reader(suffix):
    def register(function):
        READERS[suffix] = function
        return function

    return register


@reader(".qasm")
def read(path):
    return qasm2.load(path)  # finds: DES-06 medium


def read_all(paths):
    return [QuantumCircuit.from_qasm_file(str(path)) for path in paths]  # finds: DES-06 medium


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser()
    made.add_argument("files", nargs="+", type=pathlib.Path)
    return made


def main():
    return read_all(parser().parse_args().files)


def fetched(url):
    with tempfile.NamedTemporaryFile(suffix=".qasm") as file:
        file.write(requests.get(url, timeout=9).content)
        return qasm2.load(file.name)  # finds: DES-06 high


def sent(payload):
    return qasm2.loads(payload["program"])  # finds: DES-06
