"""Classify sensor rows with the two-qubit Cirq model of the group."""
import argparse
import csv
import json
import os

import cirq
import numpy as np
import sympy

Q = cirq.LineQubit.range(2)
A, B = sympy.symbols("a b")


def feature_layer(row) -> cirq.Circuit:
    return cirq.Circuit(cirq.ry(float(v))(q) for q, v in zip(Q, row))


def model_layer() -> cirq.Circuit:
    return cirq.Circuit(cirq.CZ(*Q), cirq.rx(A)(Q[0]), cirq.rx(B)(Q[1]))


def resolver_from(path: str) -> cirq.ParamResolver:
    with open(path) as handle:
        trained = json.load(handle)
    return cirq.ParamResolver(trained)


def offset(path: str) -> float:
    with open(path) as handle:
        meta = json.load(handle)
    return eval(meta.get("offset", "0"))


def main() -> None:
    cli = argparse.ArgumentParser()
    cli.add_argument("rows")
    cli.add_argument("params")
    ns = cli.parse_args()
    resolver = resolver_from(ns.params)
    shift = offset(os.path.splitext(ns.params)[0] + ".meta.json")
    simulator = cirq.Simulator(seed=1)
    with open(ns.rows, newline="") as handle:
        for row in csv.reader(handle):
            circuit = feature_layer(row) + model_layer()
            state = simulator.simulate(circuit, resolver).final_state_vector
            print(np.round(abs(state[0]) ** 2 + shift, 4))


if __name__ == "__main__":
    main()
