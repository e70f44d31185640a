from braket.aws import AwsQuantumJob
from braket.jobs import load_job_checkpoint, load_job_result
from braket.jobs.local import LocalQuantumJob

import braket.jobs as jobs


def current():
    return load_job_result(allow_pickle=True)  # finds: DES-05 high


def named(path):
    return load_job_result(path, allow_pickle=True)  # finds: DES-05 high


def checkpoint(name):
    return load_job_checkpoint(name, allow_pickle=True)  # finds: DES-05 high


def module():
    return jobs.load_job_result(allow_pickle=True)  # finds: DES-05 high


def remote(arn):
    return AwsQuantumJob(arn).result(allow_pickle=True)  # finds: DES-05 high


def variable(arn):
    job = AwsQuantumJob(arn)
    return job.result(allow_pickle=True)  # finds: DES-05 high


def local(name):
    job = LocalQuantumJob(name)
    return job.result(allow_pickle=True)  # finds: DES-05 high


def handed(job):
    return job.result(allow_pickle=True)  # finds: DES-05 high


ALLOW = True


def constant():
    return load_job_result(allow_pickle=ALLOW)  # finds: DES-05 high


def decided(path, allow):
    return load_job_result(path, allow_pickle=allow)  # finds: DES-05 medium


def unknown_version():
    return load_job_result()  # finds: DES-05 medium


def created():
    job = AwsQuantumJob.create("arn:device", source_module="train.py")
    return job.result()  # finds: DES-05 medium
