"""Builds programs from form fields."""

from flask import Blueprint, jsonify, request
from jinja2 import Template
from qiskit import QuantumCircuit, qasm2

bp = Blueprint("templates", __name__)
GHZ = Template(
    "OPENQASM 2.0; include \"qelib1.inc\"; qreg q[{{ n }}]; creg c[{{ n }}]; {{ body }}"
)
HEADER = 'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q;'


@bp.post("/ghz")
def ghz():
    program = GHZ.render(n=request.form["n"], body=request.form["body"])
    return jsonify(program=program)


@bp.post("/phase")
def phase():
    program = "OPENQASM 2.0; include \"qelib1.inc\"; qreg q[1]; rz({}) q[0];".format(request.form["phi"])
    circuit = qasm2.loads(program, include_path=())
    return jsonify(depth=circuit.depth())


@bp.post("/rotation")
def rotation():
    theta = request.form["theta"]
    return jsonify(program=HEADER + "rx(" + theta + ") q[0];")


@bp.post("/typed")
def typed():
    theta = float(request.form["theta"])
    if not -6.3 <= theta <= 6.3:
        return jsonify(error="theta out of range"), 400
    program = f"{HEADER} rx({theta}) q[0];"
    return jsonify(program=program)


@bp.post("/built")
def built():
    n = int(request.form["n"])
    if not 1 <= n <= 10:
        return jsonify(error="n out of range"), 400
    circuit = QuantumCircuit(n)
    circuit.h(0)
    for i in range(1, n):
        circuit.cx(0, i)
    return jsonify(program=qasm2.dumps(circuit))
