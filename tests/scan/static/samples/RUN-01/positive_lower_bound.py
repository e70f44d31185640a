"""What looks like a bound but sets no maximum."""

import pennylane as qml
from fastapi import FastAPI
from flask import Flask, request
from pydantic import BaseModel, Field
from qiskit import QuantumCircuit
from qiskit.circuit.library import QFT
from qiskit_aer import AerSimulator
from qiskit_ibm_runtime import EstimatorV2, QiskitRuntimeService

app = Flask(__name__)
api = FastAPI()
simulator = AerSimulator()


class Order(BaseModel):
    shots: int = Field(default=512, gt=0)


@app.route("/positive")
def positive():
    shots = int(request.args["shots"])
    if shots < 1:
        return "at least one", 400
    return str(simulator.run(QuantumCircuit(1), shots=shots).result())  # finds: RUN-01


@app.route("/afterwards")
def afterwards():
    shots = int(request.args["shots"])
    job = simulator.run(QuantumCircuit(1), shots=shots)  # finds: RUN-01
    counts = job.result().get_counts()
    return "heavy" if counts["0"] > 100 else "light"


@app.route("/chain")
def chain():
    size = request.args.get("size", type=int)
    circuit = QuantumCircuit(size)  # finds: RUN-01
    for index in range(size):
        circuit.h(index)
        if index < size - 1:
            circuit.cx(index, index + 1)
    return str(circuit)


@api.get("/layers")
def layers(depth: int):
    device = qml.device("default.qubit", wires=1)

    @qml.qnode(device)
    def node():
        for _ in range(depth):  # finds: RUN-01
            qml.RX(0.1, wires=0)
        return qml.expval(qml.PauliZ(0))

    return float(node())


@api.post("/order")
def order(wanted: Order):
    backend = QiskitRuntimeService().backend("ibm_fez")
    options = {"default_shots": wanted.shots}  # finds: RUN-01
    return EstimatorV2(mode=backend, options=options).run([]).job_id()


@api.get("/transform")
def transform(size: int):
    return str(QFT(size))  # finds: RUN-01


def send(circuit, shots):
    return simulator.run(circuit, shots=shots)


@app.route("/fixed")
def fixed():
    return str(send(QuantumCircuit(1), 100).result())


@app.route("/free")
def free():
    return str(send(QuantumCircuit(1), int(request.args["shots"])).result())  # finds: RUN-01
