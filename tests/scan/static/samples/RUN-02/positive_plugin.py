"""Devices and clients of other libraries that wait for a job."""

import pennylane as qml
import urllib3


def device(arn):
    return qml.device("braket.aws.qubit", device_arn=arn, wires=3)  # finds: RUN-02


def submit(qasm):
    http = urllib3.PoolManager()
    return http.request("POST", "https://jobs.example.com", json={"qasm": qasm})  # finds: RUN-02
