"""Results are looked at first, or come from a call just made."""

from concurrent.futures import ThreadPoolExecutor

from braket.aws import AwsQuantumTask
from qiskit.primitives import StatevectorSampler
from qiskit_ibm_runtime import QiskitRuntimeService


def counts(job_id, shots):
    job = QiskitRuntimeService().job(job_id)
    found = job.result()[0].data.meas.get_counts()  # ok
    if sum(found.values()) != shots:
        raise ValueError("shots are missing")
    return found


def done(service, job_id):
    job = service.job(job_id)
    if job.status() != "DONE":
        raise RuntimeError(job.status())
    return job.result()  # ok


def braket(arn):
    task = AwsQuantumTask(arn=arn)
    if task.state() != "COMPLETED":
        raise RuntimeError(arn)
    return task.result().measurement_counts  # ok


def local(circuit):
    return StatevectorSampler().run([circuit]).result()  # ok


def threads(work):
    with ThreadPoolExecutor() as pool:
        return pool.submit(work).result()  # ok
