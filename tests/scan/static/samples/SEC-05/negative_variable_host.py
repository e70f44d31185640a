"""The setting names this machine or a container; or the line is encrypted."""

import os

import requests

HOST = os.environ.get("SIMULATOR_HOST", "localhost")
PEER = os.environ.get("PEER", "aggregator")


def local(body, token):
    return requests.post(f"http://{HOST}:8000/run", json=body, headers={"token": token})  # ok


def container(body):
    return requests.post("http://%s:8000/run" % PEER, json=body, timeout=5)  # ok


def encrypted(host, body):
    return requests.post(f"https://{host}/run", json=body, timeout=5)  # ok
