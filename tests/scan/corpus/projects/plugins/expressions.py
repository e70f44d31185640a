"""Angles given as expressions, such as ``pi/4`` or ``2*theta``."""

import math

import sympy
from flask import Blueprint, jsonify, request
from sympy.parsing.sympy_parser import parse_expr

bp = Blueprint("angles", __name__)


def angle(text: str) -> float:
    return float(eval(text, {"pi": math.pi}))


@bp.post("/angle")
def angle_route():
    return jsonify(value=angle(request.json["expr"]))


@bp.post("/symbols")
def symbols_route():
    expr = sympy.sympify(request.json["expr"])
    return jsonify(symbols=sorted(str(s) for s in expr.free_symbols))


@bp.post("/derivative")
def derivative():
    body = request.get_json()
    expr = parse_expr(body["f"])
    return jsonify(df=str(sympy.diff(expr, sympy.Symbol("theta"))))
