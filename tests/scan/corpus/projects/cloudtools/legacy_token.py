"""Kept for the old channel; remove once everyone has moved."""

import os

from qiskit_ibm_runtime import QiskitRuntimeService

# old hub token, still valid until the migration ends:
# ce59c2424edc9a9c8d305c409ac3c2efce2e04963cdcca1bc77bb89b2495e259e3d0c7b5cf54a6183e47c2077c737c3cc4f607a2d777fa7537ac7b8137ce01ff


def account(token_file: str = "~/.qiskit/token"):
    token = os.environ.get("QISKIT_IBM_TOKEN")
    if token is None:
        with open(os.path.expanduser(token_file)) as handle:
            token = handle.read().strip()
    return QiskitRuntimeService(channel="ibm_cloud", token=token)


def remember(token: str) -> None:
    with open(os.path.expanduser("~/.qiskit/token"), "w") as handle:
        handle.write(token)


def whoami() -> None:
    service = account()
    print("active account:", service.active_account())
