import csv
import json
import sys
from string import Template

import jinja2
from fastapi import FastAPI
from pydantic import BaseModel, Field

app = FastAPI()
ROTATION = """OPENQASM 2.0;
include "qelib1.inc";
qreg q[1];
ry(%s) q[0];
"""
NAMED = "OPENQASM 3;\nqubit[1] q;\nrx({theta}) q[0];\n"
BODY = Template("OPENQASM 2.0;\nqreg q[2];\n$body\nmeasure q -> c;\n")
HEAD = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\n'
PAGE = "OPENQASM 2.0; qreg q[{{ size }}];"


def table(path):
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            yield ROTATION % row["angle"]  # finds: DES-12


def handler(event, context):
    body = json.loads(event["body"])
    return NAMED.format(theta=body["theta"])  # finds: DES-12


def mapped(payload: dict):
    return NAMED.format_map(payload)  # finds: DES-12


def substituted(message):
    gates = [f"{gate['name']}({gate['angle']}) q[0];" for gate in message["gates"]]  # finds: DES-12
    lines = "\n".join(gates)
    return BODY.substitute(body=lines)


def rendered(payload):
    environment = jinja2.Environment()
    return environment.from_string(PAGE).render(size=payload["size"])  # finds: DES-12


def replaced(event, context):
    return NAMED.replace("{theta}", event["theta"])  # finds: DES-12


def added():
    return HEAD + sys.stdin.read()  # finds: DES-12


class Rotation(BaseModel):
    axis: str = Field(pattern="^r[xyz]$")
    angle: str


@app.post("/rotation")
def rotation(rotation: Rotation):
    line = f"{rotation.axis}({rotation.angle}) q[0];\n"  # finds: DES-12
    return HEAD + line


def edges(entry):
    program = HEAD
    for edge in entry["edges"]:
        program += "rzz(" + edge["gamma"] + ") q[0],q[1];\n"  # finds: DES-12
    return program


FAMILIES = {"edges": edges, "table": table}


@app.post("/family")
def family(body: dict):
    return FAMILIES[body["family"]](body)
