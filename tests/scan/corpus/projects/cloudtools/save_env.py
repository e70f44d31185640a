"""Store the account that CI uses."""

import os

from qiskit_ibm_runtime import QiskitRuntimeService


def save(channel: str = "ibm_quantum_platform") -> None:
    token = os.environ["QISKIT_IBM_TOKEN"]
    QiskitRuntimeService.save_account(channel=channel, token=token, set_as_default=True)


def check() -> bool:
    accounts = QiskitRuntimeService.saved_accounts()
    return "default-ibm-quantum-platform" in accounts


if __name__ == "__main__":
    save()
    print("saved:", check())
