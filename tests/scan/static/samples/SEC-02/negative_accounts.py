import json
import os
from pathlib import Path

import keyring
from qiskit_ibm_runtime import QiskitRuntimeService


def read():
    return QiskitRuntimeService(token=os.environ["IBM_QUANTUM_TOKEN"])  # ok


def instance_only():
    QiskitRuntimeService.save_account(channel="ibm_cloud", overwrite=True)  # ok


def restricted(api_token):
    handle = os.open("token", os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(api_token)  # ok


def changed(api_token):
    path = Path("token")
    path.touch()
    path.chmod(0o600)
    path.write_text(api_token)  # ok


def ring(api_token):
    keyring.set_password("ibm", "me", api_token)  # ok


def words(tokens):
    with open("tokens.txt", "w") as file:
        for token in tokens:
            file.write(token.text)  # ok


def counted(token_count):
    with open("counts.json", "w") as file:
        json.dump({"tokens": token_count}, file)  # ok
