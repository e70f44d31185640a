from concurrent.futures import ThreadPoolExecutor

from braket.aws import AwsDevice, AwsQuantumTask
from braket.circuits import Circuit
from braket.devices import LocalSimulator
from braket.jobs import load_job_result, save_job_result


def explicit():
    return load_job_result(allow_pickle=False)  # ok


def task(arn):
    return AwsQuantumTask(arn).result()  # ok


def device(arn):
    return AwsDevice(arn).run(Circuit().h(0), shots=100).result()  # ok


def simulator():
    return LocalSimulator().run(Circuit().h(0), shots=100).result()  # ok


def future():
    with ThreadPoolExecutor() as pool:
        return pool.submit(len, []).result()  # ok


def saved(values):
    save_job_result(values)  # ok


def unknown(job):
    return job.result()  # ok


OFF = False


def constant(path):
    return load_job_result(path, allow_pickle=OFF)  # ok


def counts(task):
    return task.result().measurement_counts  # ok


def submitted(pool, work):
    return [item.result(timeout=3) for item in map(pool.submit, work)]  # ok
