"""A maximum in the class of the record, the schema, the form or the option."""

import argparse
from dataclasses import dataclass
from typing import Annotated

from flask import Flask, request
from marshmallow import Schema, fields, validate
from pydantic import BaseModel, Field, field_validator
from qiskit import QuantumCircuit
from qiskit_aer import AerSimulator

app = Flask(__name__)
simulator = AerSimulator()
Reads = Annotated[int, Field(ge=1, le=2048)]
LARGEST = 12


class Inputs(BaseModel):
    shots: int = Field(default=256, ge=16, le=2048)
    reads: Reads = 100
    size: int = 4

    @field_validator("size")
    @classmethod
    def small(cls, value: int) -> int:
        if value > LARGEST:
            raise ValueError("too large")
        return value


@dataclass(frozen=True)
class Layout:
    wires: int

    def __post_init__(self):
        if not 1 <= self.wires <= LARGEST:
            raise ValueError("wires")


class RunSchema(Schema):
    shots = fields.Int(required=True, validate=validate.Range(min=1, max=4096))


def inputs_of(sent) -> Inputs:
    return Inputs.model_validate_json(sent.get_data())


@app.route("/model", methods=["POST"])
def model():
    inputs = inputs_of(request)
    circuit = QuantumCircuit(inputs.size)  # ok
    return str(simulator.run(circuit, shots=inputs.shots).result())  # ok


@app.route("/layout", methods=["POST"])
def layout():
    made = Layout(int(request.json["wires"]))
    return str(QuantumCircuit(made.wires))  # ok


@app.route("/schema", methods=["POST"])
def schema():
    run = RunSchema().load(request.json)
    return str(simulator.run(QuantumCircuit(1), shots=run["shots"]).result())  # ok


@app.route("/remainder")
def remainder():
    shots = int(request.args["shots"]) % 1000
    return str(simulator.run(QuantumCircuit(1), shots=shots).result())  # ok


def build(size):
    return QuantumCircuit(size)  # ok


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--qubits", type=int, choices=range(2, 9))
    return build(parser.parse_args().qubits)
