"""Rotates the service key and writes it for the other daemons."""

import json
import logging
import os
from pathlib import Path

import requests

log = logging.getLogger("rotate")
TARGET = Path("/etc/quantum/credentials.json")


def rotate(old: str) -> str:
    reply = requests.post("https://iam.example.com/keys", headers={"Authorization": f"Bearer {old}"}, timeout=10)
    reply.raise_for_status()
    return reply.json()["apikey"]


def publish(api_key: str) -> None:
    TARGET.write_text(json.dumps({"api_key": api_key}))


def publish_private(api_key: str) -> None:
    handle = os.open(TARGET, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump({"api_key": api_key}, out)


def main() -> None:
    key = rotate(os.environ["QUANTUM_API_KEY"])
    publish(key)
    log.info(f"rotated, new key is {key}")


def quiet() -> None:
    key = rotate(os.environ["QUANTUM_API_KEY"])
    publish_private(key)
    log.info("rotated, new key ends in %s", key[-4:])
