import re

import pandas as pd
import sympy as sp
from pydantic import BaseModel

SAFE = re.compile(r"[0-9+\-*/(). ]+")


class Angle(BaseModel):
    value: float


def numeric(payload: dict):
    return sp.sympify(float(payload["angle"]))  # ok


def field(body: Angle):
    return sp.sympify(body.value)  # ok


def matched(payload: dict):
    text = payload["angle"]
    if not SAFE.fullmatch(text):
        raise ValueError(text)
    return sp.sympify(text)  # ok


def own(theta):
    x = sp.Symbol("x")
    return sp.simplify(sp.sin(x) ** 2 + sp.cos(x) ** 2)  # ok


def limited(path, limit: int):
    return pd.read_csv(path).query("shots > @limit")  # ok
