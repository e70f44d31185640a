"""Run a GHZ circuit on a Braket device."""

import argparse

from braket.aws import AwsDevice
from braket.circuits import Circuit
from braket.devices import LocalSimulator


def ghz(n: int) -> Circuit:
    circuit = Circuit().h(0)
    for i in range(1, n):
        circuit.cnot(0, i)
    return circuit


def remote(arn: str, shots: int) -> dict:
    device = AwsDevice(arn)
    task = device.run(ghz(4), shots=shots)
    return dict(task.result().measurement_counts)


def local(shots: int = 100) -> dict:
    return dict(LocalSimulator().run(ghz(4), shots=shots).result().measurement_counts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", required=True)
    parser.add_argument("--shots", type=int, default=1000)
    args = parser.parse_args()
    print(local())
    print(remote(args.device, args.shots))
