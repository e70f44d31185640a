import json
import sys

import numexpr
import pandas as pd
import requests
import sympy
from fastapi import FastAPI
from flask import request
from sympy import sympify
from sympy.parsing.sympy_parser import parse_expr

app = FastAPI()


@app.get("/angle")
def angle(expression: str):
    return eval(expression)  # finds: DES-07 critical


def observable():
    return sympify(request.json["observable"])  # finds: DES-07 critical


def parameter(path):
    data = json.load(open(path))
    return parse_expr(data["theta"])  # finds: DES-07 high


def fetched(url):
    exec(requests.get(url).text)  # finds: DES-07 critical


def typed():
    return eval(input("theta = "))  # finds: DES-07 critical


def argument():
    return eval(sys.argv[1], {"__builtins__": {}})  # finds: DES-07 high


def header(file_obj):
    size = 8
    return parse_expr(file_obj.read(size).decode())  # finds: DES-07 high


def columns():
    return pd.eval(request.args["formula"])  # finds: DES-07 critical


def fast():
    return numexpr.evaluate(request.form["cost"])  # finds: DES-07 critical


def metadata(job):
    return [eval(item) for item in job.result()["angles"]]  # finds: DES-07 critical


def through(text):
    cleaned = text.replace("pi", "3.14159").strip()
    return eval(cleaned)  # finds: DES-07 critical


def entry():
    return through(request.args["x"])


def symbol():
    return sympy.S(request.args["x"])  # finds: DES-07 critical


def helper(expression):
    return eval(expression)  # finds: DES-07 medium
