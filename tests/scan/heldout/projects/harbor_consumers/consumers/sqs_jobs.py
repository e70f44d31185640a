"""Runs circuits that the planning service drops into SQS."""
import base64
import logging
import pickle

import boto3
from qiskit import transpile
from qiskit_ibm_runtime import QiskitRuntimeService, SamplerV2

log = logging.getLogger("harbor.sqs")


class Worker:
    def __init__(self, queue_url: str):
        self.queue_url = queue_url
        self.sqs = boto3.client("sqs")
        self.service = QiskitRuntimeService()

    def handle(self, message: dict) -> str:
        attributes = message["MessageAttributes"]
        circuit = pickle.loads(base64.b64decode(message["Body"]))
        shots = int(attributes["shots"]["StringValue"])
        backend = self.service.backend(attributes["backend"]["StringValue"])
        sampler = SamplerV2(backend, options={"max_execution_time": 120})
        job = sampler.run([transpile(circuit, backend)], shots=shots)
        log.info("started %s on %s", job.job_id(), backend.name)
        return job.job_id()

    def poll(self) -> int:
        answer = self.sqs.receive_message(
            QueueUrl=self.queue_url, MaxNumberOfMessages=5, WaitTimeSeconds=20,
            MessageAttributeNames=["All"],
        )
        messages = answer.get("Messages", [])
        for message in messages:
            try:
                self.handle(message)
            finally:
                self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])
        return len(messages)
