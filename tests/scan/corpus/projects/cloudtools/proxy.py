"""Connects through the campus proxy."""

import argparse
import os

from qiskit_ibm_runtime import QiskitRuntimeService

MIRRORS = {
    "us": "https://us-east.quantum-computing.cloud.ibm.com",
    "eu": "https://eu-de.quantum-computing.cloud.ibm.com",
}


def connect(region: str) -> QiskitRuntimeService:
    token = os.environ["QISKIT_IBM_TOKEN"]
    return QiskitRuntimeService(channel="ibm_cloud", token=token, url=MIRRORS[region])


def connect_unverified() -> QiskitRuntimeService:
    return QiskitRuntimeService(
        channel="ibm_cloud", token=os.environ["QISKIT_IBM_TOKEN"], verify=False
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--region", choices=sorted(MIRRORS), default="us")
    args = parser.parse_args()
    print(len(connect(args.region).backends()))


if __name__ == "__main__":
    main()
