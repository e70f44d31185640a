"""Feature pipeline of the parcel project: raw parquet in, encoded features out."""
import argparse
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pennylane as qml
import yaml
from sklearn.decomposition import PCA
from sklearn.model_selection import train_test_split

SAFE = re.compile(r"[a-z_]+ (<|>|==) -?\d+(\.\d+)?")
dev = qml.device("default.qubit", wires=4)


@qml.qnode(dev)
def parity(bits):
    qml.BasisEmbedding(bits, wires=range(4))
    for i in range(3):
        qml.CNOT(wires=[i, i + 1])
    return qml.expval(qml.PauliZ(3))


def load_config(path: Path) -> dict:
    with path.open() as stream:
        return yaml.load(stream, Loader=yaml.Loader)


def add_columns(frame: pd.DataFrame, formulas: list[str]) -> pd.DataFrame:
    for i, formula in enumerate(formulas):
        frame[f"derived_{i}"] = pd.eval(formula, local_dict={"df": frame})
    return frame


def keep_rows(frame: pd.DataFrame, condition: str) -> pd.DataFrame:
    if not SAFE.fullmatch(condition):
        raise ValueError("conditions look like 'weight > 3'")
    column, op, value = condition.split()
    compare = {"<": frame[column].lt, ">": frame[column].gt, "==": frame[column].eq}[op]
    return frame[compare(float(value))]


def project(train: pd.DataFrame, test: pd.DataFrame, k: int = 4):
    pca = PCA(k, random_state=0).fit(pd.concat([train, test]))
    return pca.transform(train), pca.transform(test)


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("config", type=Path)
    config = load_config(ap.parse_args().config)
    frame = add_columns(pd.read_parquet(config["input"]), config.get("formulas", []))
    frame = keep_rows(frame, config.get("where", "weight > 0"))
    train, test = train_test_split(frame.select_dtypes("number"), random_state=int(config["seed"]))
    A, B = project(train, test)
    np.savez(config["output"], train=A, test=B)
    probe = np.random.default_rng(config["seed"]).random(4)
    print("parity of the probe", parity(probe))


if __name__ == "__main__":
    main()
