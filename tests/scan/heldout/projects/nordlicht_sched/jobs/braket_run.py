"""Weekly QAOA point on hardware for the logistics client."""
import argparse
import json
import pathlib

import numpy as np
from braket.aws import AwsDevice
from braket.circuits import Circuit

EDGES = [(0, 1), (1, 2), (2, 3), (3, 0)]
DEVICE = "arn:aws:braket:eu-north-1::device/qpu/iqm/Garnet"


def qaoa(gamma: float, beta: float) -> Circuit:
    circ = Circuit()
    for q in range(4):
        circ.h(q)
    for a, b in EDGES:
        circ.cnot(a, b).rz(b, 2 * gamma).cnot(a, b)
    for q in range(4):
        circ.rx(q, 2 * beta)
    return circ


def cut_value(bits: str) -> int:
    return sum(bits[a] != bits[b] for a, b in EDGES)


def measure(gamma: float, beta: float, shots: int) -> float:
    device = AwsDevice(DEVICE)
    task = device.run(qaoa(gamma, beta), shots=shots)
    counts = task.result().measurement_counts
    return sum(cut_value(b) * n for b, n in counts.items()) / shots


def main() -> None:
    cli = argparse.ArgumentParser()
    cli.add_argument("--shots", type=int, default=500)
    cli.add_argument("--out", type=pathlib.Path, default=pathlib.Path("qaoa.json"))
    ns = cli.parse_args()
    grid = np.linspace(0.1, 0.7, 4)
    values = [measure(g, 0.4, ns.shots) for g in grid]
    ns.out.write_text(json.dumps({"gamma": grid.tolist(), "cut": values}))


if __name__ == "__main__":
    main()
