"""Angles given as expressions, evaluated over a small grammar."""

import ast
import math
import operator

from flask import Blueprint, jsonify, request

bp = Blueprint("safe_angles", __name__)
BINARY = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def evaluate(node: ast.AST) -> float:
    if isinstance(node, ast.Expression):
        return evaluate(node.body)
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.Name) and node.id == "pi":
        return math.pi
    if isinstance(node, ast.BinOp) and type(node.op) in BINARY:
        return BINARY[type(node.op)](evaluate(node.left), evaluate(node.right))
    raise ValueError("only numbers, pi and + - * / are allowed")


@bp.post("/angle")
def angle_route():
    text = str(request.json["expr"])[:100]
    value = evaluate(ast.parse(text, mode="eval"))
    if not math.isfinite(value):
        return jsonify(error="not a finite angle"), 400
    return jsonify(value=value)


@bp.post("/list")
def literal_route():
    values = ast.literal_eval(request.json["values"])
    return jsonify(n=len(values))


TAU = eval("2 * 3.141592653589793")
