import numexpr as ne
import pandas as pd
import sympy as sp
import yaml


def weights(payload: dict, columns):
    return ne.evaluate(payload["formula"], local_dict=columns)  # finds: DES-07


def derived(frame: pd.DataFrame, recipe: dict):
    for name, formula in recipe.items():
        frame[name] = pd.eval(formula, local_dict={"frame": frame})  # finds: DES-07
    return frame


def from_job(message: dict):
    return derived(pd.DataFrame(message["rows"]), message["recipe"])


def expand(value):
    if isinstance(value, str) and value.startswith("="):
        return eval(value[1:])  # finds: DES-07 high
    return value


def sweep(path):
    with open(path) as file:
        document = yaml.safe_load(file)
    return {key: expand(value) for key, value in document.items()}


def simplified(message):
    return sp.simplify(message["angle"])  # finds: DES-07


def filtered(path, event):
    return pd.read_csv(path).query(event["where"])  # finds: DES-07
