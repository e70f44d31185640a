"""Replays runtime payloads captured by the proxy."""

import argparse
import json

import requests
from qiskit_ibm_runtime.utils import RuntimeDecoder


def from_file(path):
    with open(path) as handle:
        return json.load(handle, cls=RuntimeDecoder)


def from_url(url: str):
    if not url.startswith("https://captures.example.org/"):
        raise ValueError("captures come from one host")
    reply = requests.get(url, timeout=20)
    return json.loads(reply.text, cls=RuntimeDecoder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("path")
    args = parser.parse_args()
    print(sorted(from_file(args.path)))
