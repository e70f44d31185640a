"""One-time setup that keeps the token in the system keyring."""

import getpass

import keyring
from qiskit_ibm_runtime import QiskitRuntimeService

SERVICE = "ibm-quantum"


def store() -> None:
    token = getpass.getpass("IBM Cloud API key: ")
    if len(token) != 44:
        raise SystemExit("an API key has 44 characters")
    keyring.set_password(SERVICE, getpass.getuser(), token)
    print("stored a key that ends in", token[-4:])


def connect() -> QiskitRuntimeService:
    token = keyring.get_password(SERVICE, getpass.getuser())
    return QiskitRuntimeService(channel="ibm_quantum_platform", token=token)


if __name__ == "__main__":
    store()
