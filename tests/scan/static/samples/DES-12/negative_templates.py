import argparse
import json
import re
from enum import Enum
from string import Template
from typing import Literal

import numpy as np
from fastapi import FastAPI, Query
from pydantic import BaseModel, Field, field_validator

app = FastAPI()
ROTATION = """OPENQASM 2.0;
qreg q[1];
ry(%s) q[0];
"""
NAMED = "OPENQASM 3;\nqubit[1] q;\nrx({theta}) q[0];\n"
BODY = Template("OPENQASM 2.0;\nqreg q[2];\n$body\n")
GATES = {"not": "x", "flip": "z"}
ANGLE = re.compile(r"-?\d+(?:\.\d+)?")


class Axis(Enum):
    X = "rx"


class Rotation(BaseModel):
    axis: Literal["rx", "ry"]
    kind: Axis
    gate: str = Field(pattern="^[xyz]$")
    angle: float


@app.post("/rotation")
def rotation(body: Rotation):
    return f"OPENQASM 2.0; qreg q[1]; {body.axis}({body.angle}) q[0]; {body.gate} q[0];"  # ok


@app.post("/kind")
def kind(axis: Literal["rx", "ry"], angle: float):
    return f"OPENQASM 2.0; qreg q[1]; {axis}({angle}) q[0];"  # ok


def table(path):
    for row in np.loadtxt(path, delimiter=","):
        yield ROTATION % row[0]  # ok


def handler(event, context):
    body = json.loads(event["body"])
    return NAMED.format(theta=float(body["theta"]))  # ok


def numbered(payload):
    lines = [f"ry({float(angle)}) q[{i}];" for i, angle in enumerate(payload["angles"])]  # ok
    return BODY.substitute(body="\n".join(lines))  # ok


def paired(payload):
    angles = [float(angle) for angle in payload["angles"]]
    return "".join(f"ry({angle}) q[{i}];" for i, angle in zip(range(9), angles, strict=False))  # ok


def looked_up(payload):
    return f"OPENQASM 2.0; qreg q[1]; {GATES[payload['gate']]} q[0];"  # ok


def matched(payload):
    angle = payload["angle"]
    match = ANGLE.fullmatch(angle)
    if match is None:
        raise ValueError(angle)
    return NAMED.format(theta=angle)  # ok


def typed(payload):
    angle = payload["angle"]
    if not isinstance(angle, (int, float)):
        raise TypeError(angle)
    return NAMED.format(theta=angle)  # ok


def arithmetic(payload):
    angle = payload["turns"] * 2.0
    return NAMED.format(theta=angle) + f"rx({payload['a'] - payload['b']}) q[0];"  # ok


def option():
    parser = argparse.ArgumentParser()
    parser.add_argument("--theta", type=float)
    parser.add_argument("--gate", choices=["x", "y"])
    args = parser.parse_args()
    return f"OPENQASM 2.0; qreg q[1]; rx({args.theta}) q[0]; {args.gate} q[0];"  # ok


def percent(payload):
    return "OPENQASM 2.0; qreg q[%d]; rx(%.6f) q[0];" % (payload["n"], payload["theta"])  # ok


@app.get("/enumerated")
def enumerated(axis: Axis, gate: str = Query(..., pattern="^(x|z)$")):
    return f"OPENQASM 2.0; qreg q[1]; {axis.value}(0.5) q[0]; {gate} q[0];"  # ok


def check_gate(name):
    if name not in GATES:
        raise ValueError(name)
    return name


def through_check(payload):
    return f"OPENQASM 2.0; qreg q[1]; {check_gate(payload['gate'])} q[0];"  # ok


def after_check(payload):
    gate = payload["gate"]
    check_gate(gate)
    return f"OPENQASM 2.0; qreg q[1]; {gate} q[0];"  # ok


class Line(BaseModel):
    gate: str
    rotations: list[Rotation]

    @field_validator("gate")
    @classmethod
    def known(cls, value):
        if value not in GATES:
            raise ValueError(value)
        return value


@app.post("/line")
def line(body: Line):
    lines = [f"{rotation.axis}({rotation.angle}) q[0];" for rotation in body.rotations]  # ok
    return f"OPENQASM 2.0; qreg q[1]; {body.gate} q[0];" + "".join(lines)  # ok


def message_of(payload):
    body = Rotation.model_validate(payload)
    return f"OPENQASM 2.0; qreg q[1]; rx({body.angle}) q[0];"  # ok
