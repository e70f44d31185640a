import json
import logging
import time
from pathlib import Path

from braket.aws import AwsDevice
from braket.circuits import Circuit
from braket.devices import LocalSimulator

log = logging.getLogger(__name__)
ARN = "arn:aws:braket:us-east-1::device/qpu/ionq/Aria-1"
SHOTS = 200


def bell() -> Circuit:
    return Circuit().h(0).cnot(0, 1)


def fidelity(counts: dict[str, int]) -> float:
    good = counts.get("00", 0) + counts.get("11", 0)
    return good / sum(counts.values())


def calibration_run(path: Path = Path("/var/lib/nordlicht/bell.jsonl")) -> float:
    device = AwsDevice(ARN)
    task = device.run(bell(), shots=SHOTS, poll_timeout_seconds=3600, poll_interval_seconds=10)
    result = task.result()
    if task.state() != "COMPLETED" or result is None:
        raise RuntimeError(f"task {task.id} ended as {task.state()}")
    counts = dict(result.measurement_counts)
    if sum(counts.values()) != SHOTS:
        raise RuntimeError("shots are missing")
    value = fidelity(counts)
    with path.open("a") as out:
        out.write(json.dumps({"t": time.time(), "device": device.name, "fidelity": value}) + "\n")
    return value


def dry_run() -> float:
    counts = LocalSimulator().run(bell(), shots=SHOTS).result().measurement_counts
    return fidelity(dict(counts))
