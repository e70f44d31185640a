"""The command line names the device."""

import argparse
import sys

import cirq_google
from braket.aws import AwsDevice


def braket():
    parser = argparse.ArgumentParser()
    parser.add_argument("--device")
    return AwsDevice(parser.parse_args().device)  # finds: RUN-03 low


def cirq():
    return cirq_google.get_engine().get_sampler(processor_id=sys.argv[1])  # finds: RUN-03 low
