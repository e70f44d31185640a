import ast
import operator
import sys

import numpy as np
import sympy
from flask import request
from sympy import sympify

ALLOWED = {"pi": np.pi, "tau": 2 * np.pi}
FORMULA = "x**2 + 1"


class Walker(ast.NodeVisitor):
    def visit_Call(self, node):
        raise ValueError("no calls")


def literal():
    return ast.literal_eval(request.json["angle"])  # ok


def number():
    return eval("2 * 3")  # ok


def constant():
    return sympify(FORMULA)  # ok


def floated():
    return sympify(float(request.args["x"]))  # ok


def training(model):
    model.eval()  # ok
    return model


def walked():
    text = request.json["expression"]
    tree = ast.parse(text, mode="eval")
    Walker().visit(tree)
    return eval(compile(tree, "angle", "eval"))  # ok


def listed():
    name = request.json["constant"]
    if name not in ALLOWED:
        raise ValueError(name)
    return eval(name, dict(ALLOWED))  # ok


def mapped():
    return ALLOWED[request.json["constant"]]  # ok


def symbols(count):
    return [sympy.sympify(f"theta_{index}") for index in range(int(count))]  # ok


def applied():
    return operator.add(float(sys.argv[1]), float(sys.argv[2]))  # ok


def own_eval(expression):
    def eval(text):
        return text

    return eval(expression)  # ok


def executed(executor, job):
    return executor.exec(job)  # ok


def simplified(expression):
    return sympy.simplify(expression)  # ok
