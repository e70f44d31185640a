"""Classify rows with a stored Qiskit Machine Learning model."""
import csv
import math
from pathlib import Path

import click
import numpy as np
from qiskit_machine_learning.algorithms import VQC, NeuralNetworkClassifier

KINDS = {"vqc": VQC, "nnc": NeuralNetworkClassifier}


def read_rows(handle, width: int) -> np.ndarray:
    rows = []
    for number, row in enumerate(csv.reader(handle), start=1):
        if len(row) != width:
            raise click.ClickException(f"line {number}: expected {width} columns")
        rows.append([float(cell) for cell in row])
    data = np.array(rows)
    if not np.isfinite(data).all() or data.min() < 0 or data.max() > math.pi:
        raise click.ClickException("values must lie in [0, pi]")
    return data


@click.command()
@click.argument("model_file", type=click.Path(exists=True, path_type=Path))
@click.argument("rows", type=click.File("r"))
@click.option("--kind", type=click.Choice(sorted(KINDS)), default="vqc")
@click.option("--width", type=click.IntRange(1, 12), default=4)
def classify(model_file: Path, rows, kind: str, width: int) -> None:
    data = read_rows(rows, width)
    if kind == "vqc":
        model = VQC.load(str(model_file))
    else:
        model = NeuralNetworkClassifier.load(str(model_file))
    for label in np.ravel(model.predict(data)):
        click.echo(label)
