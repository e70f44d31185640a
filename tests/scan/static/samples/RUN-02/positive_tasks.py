"""Tasks and clients that wait without an end."""

import httpx
from braket.aws import AwsDevice


class Fanout:
    def __init__(self, arn):
        self.device = AwsDevice(arn)

    def one(self, circuit, shots):
        task = self.device.run(circuit, shots=shots)  # finds: RUN-02 low
        return task.result().measurement_counts


def sent(circuit, arn):
    return AwsDevice(arn).run(circuit, shots=10).id  # finds: RUN-02 note


def client():
    return httpx.Client(base_url="https://jobs.example.org", timeout=None)  # finds: RUN-02
