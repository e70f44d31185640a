"""Accepts OpenQASM 2 and answers with circuit facts."""

from flask import Blueprint, jsonify, request
from qiskit import QuantumCircuit, qasm2

from .limits import small_enough

bp = Blueprint("circuits", __name__)


@bp.post("/circuits/check")
def check():
    text = request.get_data(as_text=True)
    try:
        circuit = qasm2.loads(text, include_path=(), strict=True)
    except qasm2.QASM2ParseError:
        return jsonify(error="not valid OpenQASM 2"), 400
    small_enough(circuit)
    return jsonify(qubits=circuit.num_qubits, depth=circuit.depth())


@bp.post("/circuits/draw")
def draw():
    text = request.json["qasm"]
    circuit = QuantumCircuit.from_qasm_str(text)
    return str(circuit.draw("text"))


@bp.post("/circuits/rotate")
def rotate():
    angle = request.json["angle"]
    wires = request.json["wires"]
    program = f"""OPENQASM 2.0;
include "qelib1.inc";
qreg q[{wires}];
rx({angle}) q[0];
"""
    circuit = qasm2.loads(program, include_path=())
    return jsonify(depth=circuit.depth())
