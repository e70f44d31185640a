"""Shows results of Braket jobs; the SDK is new enough to read plain text by default."""

from braket.aws import AwsQuantumJob
from braket.jobs import load_job_checkpoint, load_job_result


def result(arn: str) -> dict:
    job = AwsQuantumJob(arn)
    if job.state() != "COMPLETED":
        raise RuntimeError("job has not completed")
    return job.result(poll_timeout_seconds=300)


def old_result(arn: str) -> dict:
    job = AwsQuantumJob(arn)
    if job.state() != "COMPLETED":
        raise RuntimeError("job has not completed")
    return job.result(poll_timeout_seconds=300, allow_pickle=True)


def checkpoint(name: str) -> dict:
    return load_job_checkpoint(name)


def own_result() -> dict:
    return load_job_result("calibration-job")
