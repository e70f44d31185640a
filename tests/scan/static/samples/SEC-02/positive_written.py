"""Tokens that reach files by other names and other writers."""

import configparser
import csv
import json
import os
from pathlib import Path

import requests
import yaml
from dotenv import set_key
from qiskit_ibm_runtime import QiskitRuntimeService

STORE = Path.home() / ".config" / "lab.json"


def profile(name, key_id, secret):
    parser = configparser.ConfigParser()
    parser[name] = {"aws_access_key_id": key_id, "aws_secret_access_key": secret}
    with open("credentials", "w") as file:
        parser.write(file)  # finds: SEC-02


def rotated():
    fresh = requests.post("https://keys.example.org", timeout=5).json()["api_key"]
    Path("/var/cache/key").write_text(fresh)  # finds: SEC-02


def cached():
    value = os.environ["LAB_API_KEY"]
    with open(STORE, "w") as file:
        json.dump({"key": value}, file)  # finds: SEC-02


def listed(token):
    settings = {"channel": "ibm_cloud"}
    settings["token"] = token
    with STORE.open("w") as file:
        yaml.safe_dump(settings, file)  # finds: SEC-02


def printed(api_key):
    with open(".env", "w") as file:
        print(f"KEY={api_key}", file=file)  # finds: SEC-02


def row(api_token):
    with open("accounts.csv", "w") as file:
        writer = csv.writer(file)
        writer.writerow(["ibm", api_token])  # finds: SEC-02


def kept(value):
    set_key(".env", "IONQ_API_KEY", value)  # finds: SEC-02


def store(token, folder):
    QiskitRuntimeService.save_account(token=token, filename=folder)  # finds: SEC-02


def save_for(token):
    QiskitRuntimeService.save_account(token=token)  # finds: SEC-02 note


def options(token):
    account = {"channel": "ibm_cloud", "token": token}
    QiskitRuntimeService.save_account(**account)  # finds: SEC-02


def readable(token):
    path = Path("token")
    path.write_text(token)  # finds: SEC-02
    path.chmod(0o644)


if __name__ == "__main__":
    store(os.environ["IBM_TOKEN"], "/srv/shared/account.json")
