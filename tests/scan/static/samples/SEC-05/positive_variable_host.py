"""The host of the address is a setting."""

import os

import requests

BENCH = os.environ.get("BENCH_HOST", "bench.example.org")


class Worker:
    def __init__(self, settings, token):
        self.base = f"http://{settings.collector}:7712"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def pull(self):
        return self.session.get(f"{self.base}/global", timeout=20).json()  # finds: SEC-05

    def push(self, delta):
        self.session.post(self.base + "/update", json=delta, timeout=20)  # finds: SEC-05


def submit(session, body):
    return requests.post("http://%s/v1/programs" % BENCH, json=body, timeout=5)  # finds: SEC-05


def formatted(body):
    return requests.post("http://{}/v1".format(BENCH), json=body, timeout=5)  # finds: SEC-05
