"""Messages that other programs queue."""

import json

from celery import shared_task
from qiskit import QuantumCircuit
from qiskit_aer import AerSimulator

simulator = AerSimulator()


def finish(samples, wanted):
    worst = max(samples.values())
    if worst > 10:
        print("uneven")
    return len(samples) == wanted


@shared_task
def simulate(message: str):
    order = json.loads(message)
    shots = int(order.get("shots", 100))
    counts = simulator.run(QuantumCircuit(1), shots=shots).result().get_counts()  # finds: RUN-01
    return finish(counts, shots)


@shared_task
def record(job: dict, number: int):
    return simulator.run(QuantumCircuit(1), shots=job["shots"]).job_id()  # finds: RUN-01


@shared_task
def nightly(shots: int = 100):
    return simulator.run(QuantumCircuit(1), shots=shots).job_id()
