import argparse
import json
import operator
import sys

import jobs
import pennylane as qml
import yaml
from hydra.utils import instantiate


def settings(path):
    with open(path) as file:
        return json.load(file)


def optimizer(path):
    return getattr(qml, settings(path)["optimizer"])  # finds: DES-08 medium


def metric(plan):
    return globals()[plan.get("metric", "fidelity")]  # finds: DES-08


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("plan")
    with open(parser.parse_args().plan) as file:
        return metric(yaml.safe_load(file))


class Worker:
    def __init__(self, channel):
        channel.basic_consume("jobs", self.on_job)

    def on_job(self, channel, method, properties, body):
        job = json.loads(body)
        runner = getattr(jobs, job["runner"])  # finds: DES-08 high
        runner(job["payload"])
        return operator.methodcaller(job["method"])(jobs)  # finds: DES-08 high


def built(payload):
    return instantiate(payload["model"])  # finds: DES-08


def tables(payload):
    return [
        vars(qml)[payload["operation"]],  # finds: DES-08
        qml.__dict__[payload["operation"]],  # finds: DES-08
        sys.modules[payload["module"]],  # finds: DES-08
    ]
