"""Uploads of OpenQASM files."""

from pathlib import Path

from flask import Blueprint, jsonify, request
from qiskit import QuantumCircuit, qasm2
from qiskit.qasm2 import loads as parse

bp = Blueprint("upload", __name__)
FOLDER = Path("/srv/webui/uploads")
BELL = """OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
h q[0];
cx q[0],q[1];
"""


@bp.post("/parse")
def parse_upload():
    text = request.files["program"].read(65536).decode()
    return jsonify(qubits=parse(text).num_qubits)


@bp.post("/open")
def open_named():
    name = request.form["name"]
    circuit = QuantumCircuit.from_qasm_file(str(FOLDER / name))
    return jsonify(qubits=circuit.num_qubits)


@bp.get("/bell")
def bell():
    return jsonify(qubits=qasm2.loads(BELL).num_qubits)


@bp.post("/strict")
def strict():
    text = request.get_data(as_text=True)
    if len(text) > 65536:
        return jsonify(error="too large"), 413
    return jsonify(qubits=parse(text, include_path=(), strict=True).num_qubits)
