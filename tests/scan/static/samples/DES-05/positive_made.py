from braket.aws import AwsQuantumJob
from braket.jobs import hybrid_job, load_job_checkpoint

OPTIONS = dict(allow_pickle=True)


def create(module: str) -> AwsQuantumJob:
    return AwsQuantumJob.create(device="local:none", source_module=module)


def run():
    job = create("algorithm")
    return job.result()  # finds: DES-05 medium


@hybrid_job(device="local:none")
def train(steps):
    return {"steps": steps}


def trained():
    started = train(10)
    return started.result()  # finds: DES-05 medium


def checkpoint(name):
    return load_job_checkpoint(name, **OPTIONS)  # finds: DES-05 high
