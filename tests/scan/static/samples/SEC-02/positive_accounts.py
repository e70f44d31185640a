import json
import os

from dwave.cloud import Client
from qiskit import IBMQ
from qiskit_ibm_runtime import QiskitRuntimeService


def saved(token):
    QiskitRuntimeService.save_account(channel="ibm_cloud", token=token)  # finds: SEC-02


def old():
    IBMQ.save_account(os.environ["IBM_TOKEN"])  # finds: SEC-02


def written(api_token):
    with open("token.txt", "w") as file:
        file.write(api_token)  # finds: SEC-02


def dumped(user, password):
    with open("account.json", "w") as file:
        json.dump({"user": user, "password": password}, file)  # finds: SEC-02


def formatted(api_key):
    with open(".env", "a") as file:
        file.write(f"IONQ_API_KEY={api_key}\n")  # finds: SEC-02


Client
