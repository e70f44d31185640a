"""Teaching server: students post small circuits and get a histogram."""
import cirq
import numpy as np
from flask import Flask, jsonify, request

app = Flask(__name__)
MAX_QUBITS = 8


def gate(name: str):
    return getattr(cirq, name)


def build(ops, qubits):
    circuit = cirq.Circuit()
    for op in ops:
        circuit.append(gate(op["gate"])(*[qubits[i] for i in op["on"]]))
    circuit.append(cirq.measure(*qubits, key="m"))
    return circuit


@app.post("/simulate")
def simulate():
    body = request.get_json()
    n = int(body["qubits"])
    if not 1 <= n <= MAX_QUBITS:
        return jsonify(error="one to eight qubits"), 400
    ops = body["ops"][:64]
    circuit = build(ops, cirq.LineQubit.range(n))
    result = cirq.Simulator().run(circuit, repetitions=int(body.get("repetitions", 100)))
    histogram = result.histogram(key="m")
    return jsonify({format(k, f"0{n}b"): v for k, v in histogram.items()})


@app.get("/random")
def random_circuit():
    depth = max(1, min(int(request.args.get("depth", 4)), 20))
    circuit = cirq.testing.random_circuit(4, depth, 0.6, random_state=np.random.RandomState(3))
    return jsonify(diagram=circuit.to_text_diagram())


def start():
    app.run(host="0.0.0.0", port=5005, debug=True)


if __name__ == "__main__":
    start()
