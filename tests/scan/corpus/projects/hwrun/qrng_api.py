"""Random numbers from a circuit; the caller chooses width and repetitions."""

from fastapi import FastAPI, Query
from qiskit import QuantumCircuit
from qiskit.primitives import StatevectorSampler

app = FastAPI()
sampler = StatevectorSampler(seed=None)
MAX_BITS = 16


def coin_flips(n: int) -> QuantumCircuit:
    qc = QuantumCircuit(n)
    qc.h(range(n))
    qc.measure_all()
    return qc


@app.get("/random")
def random_bits(bits: int, repetitions: int = 1):
    circuit = coin_flips(bits)
    job = sampler.run([circuit], shots=repetitions)
    return {"values": job.result()[0].data.meas.get_bitstrings()}


@app.get("/random/bounded")
def random_bounded(bits: int = Query(8, ge=1, le=16), repetitions: int = Query(1, ge=1, le=100)):
    job = sampler.run([coin_flips(bits)], shots=repetitions)
    return {"values": job.result()[0].data.meas.get_bitstrings()}


@app.get("/random/clamped")
def random_clamped(bits: int, repetitions: int = 1):
    width = max(1, min(bits, MAX_BITS))
    job = sampler.run([coin_flips(width)], shots=min(max(repetitions, 1), 100))
    return {"values": job.result()[0].data.meas.get_bitstrings()}
