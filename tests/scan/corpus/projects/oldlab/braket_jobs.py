"""Collect results of hybrid jobs."""

import sys

from braket.aws import AwsQuantumJob
from braket.jobs import load_job_checkpoint, load_job_result, save_job_checkpoint


def latest(arn: str) -> dict:
    job = AwsQuantumJob(arn)
    return job.result(poll_timeout_seconds=600)


def resume(name: str) -> dict:
    return load_job_checkpoint(name)


def result(name: str) -> dict:
    return load_job_result(name)


def keep(energy: float, step: int) -> None:
    save_job_checkpoint({"energy": energy, "step": step})


if __name__ == "__main__":
    print(latest(sys.argv[1])["energy"])
