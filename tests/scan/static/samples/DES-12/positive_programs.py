import sys
from string import Template

from fastapi import FastAPI
from flask import request
from jinja2 import Template as Page

app = FastAPI()
BELL = "OPENQASM 2.0;\nqreg q[2];\n{gates}\nmeasure q[0] -> c[0];"


@app.get("/rotate")
def rotate(theta: str):
    return f"OPENQASM 2.0; qreg q[1]; rx({theta}) q[0];"  # finds: DES-12


def formatted():
    return BELL.format(gates=request.json["gates"])  # finds: DES-12


def percent():
    return "OPENQASM 2.0; qreg q[1]; rz(%s) q[0];" % request.args["angle"]  # finds: DES-12


def added():
    return "OPENQASM 3.0;\nqubit[2] q;\n" + request.data.decode()  # finds: DES-12


def line():
    program = ["OPENQASM 2.0;", "qreg q[1];"]
    program.append(f"ry({sys.argv[1]}) q[0];")  # finds: DES-12
    return "\n".join(program)


def substituted():
    return Template("OPENQASM 2.0; qreg q[1]; rx($a) q[0];").substitute(a=input())  # finds: DES-12


def rendered():
    page = Page("OPENQASM 2.0; qreg q[{{ n }}];")
    return page.render(n=request.args["n"])  # finds: DES-12


def described(name: str):
    return f"qreg {request.args['name']}[2]; include \"qelib1.inc\";"  # finds: DES-12
