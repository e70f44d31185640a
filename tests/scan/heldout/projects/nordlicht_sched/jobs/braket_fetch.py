import csv
import logging
import os
from pathlib import Path

from braket.aws import AwsQuantumJob
from braket.jobs import load_job_result

log = logging.getLogger(__name__)
OUT = Path(os.environ.get("NORDLICHT_OUT", "/var/lib/nordlicht"))


def pending() -> list[str]:
    listing = OUT / "pending.txt"
    return [line.strip() for line in listing.read_text().splitlines() if line.strip()]


def final_cost(arn: str) -> float:
    job = AwsQuantumJob(arn)
    if job.state() != "COMPLETED":
        raise RuntimeError(f"{arn} is {job.state()}")
    result = job.result(poll_timeout_seconds=600)
    history = result["cost_history"]
    if len(history) != result["n_steps"]:
        raise RuntimeError(f"{arn} has a partial history")
    return float(history[-1])


def from_folder() -> dict:
    """Inside the job container the result lies in the working folder."""
    return load_job_result(allow_pickle=True)


def collect() -> None:
    with (OUT / "costs.csv").open("a", newline="") as handle:
        writer = csv.writer(handle)
        for arn in pending():
            try:
                writer.writerow([arn, final_cost(arn)])
            except RuntimeError as exc:
                log.warning("%s", exc)
