"""Tasks and clients with a limit."""

import httpx
import requests
from braket.aws import AwsDevice


def polled(circuit, arn):
    task = AwsDevice(arn).run(circuit, shots=10, poll_timeout_seconds=600)  # ok
    return task.result()


class Fanout:
    def __init__(self, arn, poll_timeout=600):
        self.device = AwsDevice(arn)
        self.limits = {"poll_timeout_seconds": poll_timeout}

    def one(self, circuit):
        return self.device.run(circuit, shots=10, **self.limits).result()  # ok


def client():
    return httpx.Client(base_url="https://jobs.example.org")  # ok


def fetched(address):
    return requests.get(address)  # ok: no job
