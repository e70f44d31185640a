"""Run a GHZ circuit on a Braket device from a list, within a budget."""

import argparse

from braket.aws import AwsDevice

from braket_task import ghz

DEVICES = {
    "aria": "arn:aws:braket:us-east-1::device/qpu/ionq/Aria-1",
    "garnet": "arn:aws:braket:eu-north-1::device/qpu/iqm/Garnet",
}
MAX_SHOTS = 2000


def run(name: str, shots: int) -> dict:
    if not 0 < shots <= MAX_SHOTS:
        raise ValueError(f"1 to {MAX_SHOTS} shots")
    device = AwsDevice(DEVICES[name])
    task = device.run(ghz(4), shots=shots, poll_timeout_seconds=3600)
    result = task.result()
    if task.state() != "COMPLETED":
        raise RuntimeError(f"task is {task.state()}")
    counts = dict(result.measurement_counts)
    if sum(counts.values()) != shots:
        raise RuntimeError("shots are missing")
    return counts


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("device", choices=sorted(DEVICES))
    parser.add_argument("--shots", type=int, default=1000, choices=(100, 1000, 2000))
    args = parser.parse_args()
    print(run(args.device, args.shots))
