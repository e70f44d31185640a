"""Maxima in aliases, options, choices and helpers."""

import argparse
from typing import Annotated

import cirq
import requests
from fastapi import FastAPI, Query
from flask import abort, request
from pydantic import BaseModel, Field
from qiskit_aer import AerSimulator

app = FastAPI()
simulator = AerSimulator()
Shots = Annotated[int, Query(ge=1, le=8192)]
SIZES = (100, 1000)


class Limits(BaseModel):
    shots: int = Field(100, le=4096)


class Job(BaseModel):
    limits: Limits


def simulated(circuit, shots):
    return simulator.run(circuit, shots=shots)  # ok


@app.post("/run")
def run(circuit: str, shots: Shots = 1024):
    return str(simulated(circuit, shots))


@app.post("/nested")
def nested(job: Job):
    return str(simulator.run(None, shots=job.limits.shots))  # ok


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shots", type=int, choices=SIZES)
    parser.add_argument("--depth", type=int)
    arguments = parser.parse_args()
    return simulator.run(None, shots=arguments.shots)  # ok


def listed():
    shots = request.json["shots"]
    if shots not in SIZES:
        abort(400)
    return simulator.run(None, shots=shots)  # ok


def posted():
    body = {"shots": min(int(request.json["shots"]), 1000)}
    return requests.post("https://jobs.example.org", json=body, timeout=9)  # ok


def waited(rounds):
    total = 0
    for _ in range(rounds):
        total += 1
    return total


def steps():
    circuit = cirq.Circuit()
    return circuit, waited(int(request.json["rounds"]))  # ok


def noted(log):
    log.info("asked", shots=request.json["shots"])  # ok
