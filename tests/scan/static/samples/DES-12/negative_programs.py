import math

from fastapi import FastAPI
from flask import request

app = FastAPI()


@app.get("/rotate")
def rotate(theta: float):
    return f"OPENQASM 2.0; qreg q[1]; rx({theta}) q[0];"  # ok


def floated():
    theta = float(request.args["theta"])
    if not 0 <= theta <= math.pi:
        raise ValueError(theta)
    return f"OPENQASM 2.0; qreg q[1]; rx({theta}) q[0];"  # ok


def spelled():
    return f"OPENQASM 2.0; qreg q[1]; rx({request.json['theta']:.12f}) q[0];"  # ok


def layers(count):
    return "OPENQASM 2.0; qreg q[1];" + "x q[0];" * count  # ok


def constant():
    angle = 0.5
    return f"OPENQASM 2.0; qreg q[1]; rx({angle}) q[0];"  # ok


def chosen():
    gate = request.json["gate"]
    if gate not in ("h", "x"):
        raise ValueError(gate)
    return f"OPENQASM 2.0; qreg q[1]; {gate} q[0];"  # ok


def message():
    return f"the queue q holds {request.args['n']} jobs"  # ok


def size():
    return "OPENQASM 2.0; qreg q[%d];" % int(request.args["n"])  # ok
