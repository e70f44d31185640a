"""A task that is polled for days."""

from braket.aws import AwsDevice


def run(circuit):
    device = AwsDevice("arn:aws:braket:us-east-1::device/qpu/ionq/Aria-1")
    return device.run(circuit, shots=100).result()  # finds: RUN-02
