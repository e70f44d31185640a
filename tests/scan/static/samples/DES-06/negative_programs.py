import sys

from flask import request
from qiskit import QuantumCircuit, qasm2, qasm3

BELL = """
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
h q[0];
cx q[0], q[1];
"""
NOTHING = ()


def constant():
    return QuantumCircuit.from_qasm_str(BELL)  # ok


def literal():
    return qasm2.loads("OPENQASM 2.0; qreg q[1];")  # ok


def refused():
    return qasm2.loads(request.data.decode(), include_path=())  # ok


def refused_file():
    return qasm2.load(sys.argv[1], include_path=())  # ok


def named_constant():
    return qasm2.loads(request.json["program"], include_path=NOTHING)  # ok


def empty_list():
    return qasm2.loads(request.json["program"], include_path=[], strict=True)  # ok


def exported(circuit):
    return qasm2.loads(qasm2.dumps(circuit))  # ok


def file_of_ours():
    return QuantumCircuit.from_qasm_file("circuits/bell.qasm")  # ok


def third():
    return qasm3.loads(request.data.decode())  # ok


def assembled(depth):
    lines = ["OPENQASM 2.0;", "qreg q[1];"] + ["x q[0];"] * depth
    return qasm2.loads("\n".join(lines))  # ok


def unknown(parser):
    return parser.loads(request.data)  # ok
