"""A maximum in a function that the number goes through under another name."""

from flask import Flask, abort, request
from qiskit import QuantumCircuit
from qiskit_aer import AerSimulator

app = Flask(__name__)
simulator = AerSimulator()


class Quota:
    def __init__(self, limit):
        self.limit = limit

    def take(self, amount):
        if amount > self.limit:
            raise ValueError(amount)
        return amount


quota = Quota(1000)


def _send(count):
    return simulator.run(QuantumCircuit(1), shots=count).result()  # ok


def submit(number):
    if number > 2000:
        abort(400)
    return _send(number)


@app.route("/through")
def through():
    return str(submit(int(request.args["shots"])))


@app.route("/quota")
def limited():
    shots = quota.take(int(request.args["shots"]))
    return str(simulator.run(QuantumCircuit(1), shots=shots).result())  # ok


@app.route("/level")
def level():
    shots = {"low": 10, "high": 1000}.get(request.args.get("level"), 10)
    return str(simulator.run(QuantumCircuit(1), shots=shots).result())  # ok
