"""Results are believed."""

from braket.aws import AwsQuantumTask
from qiskit_ibm_runtime import QiskitRuntimeService


def counts(job_id):
    service = QiskitRuntimeService()
    return service.job(job_id).result()[0].data.meas.get_counts()  # finds: RUN-04


def energy(service, job_id):
    job = service.job(job_id)
    return job.result()[0].data.evs  # finds: RUN-04


def braket(arn):
    task = AwsQuantumTask(arn=arn)
    return task.result().measurement_counts  # finds: RUN-04


class Store:
    def __init__(self):
        self.service = QiskitRuntimeService(channel="ibm_quantum_platform")

    def load(self, name):
        return self.service.job(self.ids[name]).result()  # finds: RUN-04
