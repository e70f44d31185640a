"""Devices with a limit, and those of this machine."""

import pennylane as qml


def device(arn):
    return qml.device("braket.aws.qubit", device_arn=arn, wires=3, poll_timeout_seconds=600)  # ok


def local():
    return qml.device("braket.local.qubit", wires=3)  # ok
