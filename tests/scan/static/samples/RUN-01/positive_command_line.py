"""The command line decides what a job costs."""

import argparse

import cirq
from qiskit.circuit.random import random_circuit


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--repetitions", type=int)
    parser.add_argument("--depth", type=int)
    args = parser.parse_args()
    circuit = cirq.Circuit(cirq.H(cirq.LineQubit(0)))
    result = cirq.Simulator().run(circuit, repetitions=args.repetitions)  # finds: RUN-01 note
    return result, random_circuit(3, args.depth)  # finds: RUN-01 note
