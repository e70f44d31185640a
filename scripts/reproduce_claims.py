"""Public statements about quantum poisoning, put to the test on small models.

Usage: python scripts/reproduce_claims.py [--seeds 8] [--out docs]

Writes ``claims.json``: for each experiment the numbers of every seed and their mean and standard
deviation. Records QML.E0370 to QML.E0379 of the kill chain hold these figures.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from reproduce_runs import victim

from redqubit import circuits, engine
from redqubit.attacks import LabelFlip, Quid, grant, metric
from redqubit.core.streams import stream
from redqubit.engine.gradients import parameter_shift
from redqubit.models.kernel import QSVM
from redqubit.models.victim import Victim

Row = dict[str, float]
SAMPLES = 12  # single poisoned samples tried for each seed


def accuracy(model: Any, source: Victim) -> float:
    """Return the accuracy on clean test data."""
    return metric.accuracy(model, source.data.X_test, source.data.y_test).value or 0.0


def kernel_victim(seed: int) -> Victim:
    """Train a quantum support vector machine on the data of the QNN victim."""
    source = victim("digits4", 8, 3, seed)
    return Victim.train(QSVM(circuits.angle(8)), source.data, seed, name="digits4")


def one_percent(seed: int) -> Row:
    """Change every training feature by 1 % of its range, or 1 % of the labels; shallow circuit."""
    source = victim("digits4", 8, 1, seed)
    data = source.data
    rng = stream(seed, "one percent")
    span = 0.01 * (data.high - data.low)
    moved = np.clip(
        data.X_train + span * rng.choice([-1.0, 1.0], data.X_train.shape), data.low, data.high
    )
    flipped = Quid(0.01).run(grant(Quid(0.01), source, encoding="angle"), rng)
    clean = accuracy(source.model, source)
    return {
        "clean": clean,
        "features": clean - accuracy(source.retrain(moved, data.y_train, seed), source),
        "labels": clean - accuracy(source.retrain(flipped.X, flipped.y, seed), source),
        "seed": clean - accuracy(source.retrain(data.X_train, data.y_train, seed + 1000), source),
    }


def five_percent(seed: int) -> Row:
    """Poison 5 % of the labels of a quantum kernel machine by four rules."""
    source = kernel_victim(seed)
    rules = {
        "random": LabelFlip(0.05),
        "permutation": LabelFlip(0.05, rule="permutation"),
        "neighborhoods": LabelFlip(0.05, rule="permutation", placement="neighborhoods"),
        "quid": Quid(0.05),
    }
    clean = source.model.predict(source.data.X_test)
    right = clean == source.data.y_test
    row: Row = {"clean": float(right.mean())}
    for name, attack in rules.items():
        outcome = attack.run(grant(attack, source, encoding="angle"), stream(seed, name))
        after = source.retrain(outcome.X, outcome.y, seed).predict(source.data.X_test)
        row[name] = float((after[right] != source.data.y_test[right]).mean())
    return row


def single_sample(seed: int) -> Row:
    """Relabel one training sample; compare the change of scores with that of another seed."""
    source = victim("digits4", 8, 3, seed)
    data = source.data
    rng = stream(seed, "single sample")
    scores = source.model.scores(data.X_test)
    again = [source.retrain(data.X_train, data.y_train, seed + 1000 + i) for i in range(6)]
    spread = np.std([model.scores(data.X_test) for model in again], axis=0, ddof=1).mean()
    changes = []
    for index in rng.choice(len(data.y_train), SAMPLES, replace=False):
        labels = data.y_train.copy()
        labels[index] = rng.choice(data.classes[data.classes != labels[index]])
        model = source.retrain(data.X_train, labels, seed)
        changes.append(np.abs(model.scores(data.X_test) - scores).mean())
    return {"mean": float(np.mean(changes) / spread), "worst": float(max(changes) / spread)}


def period(seed: int) -> Row:
    """Shift every feature by a whole period; the scores of a rotation-encoded model must agree."""
    source = victim("digits4", 8, 3, seed, "x", "complex128")
    X = source.data.X_test
    turns = stream(seed, "period").integers(-3, 4, X.shape)
    difference = source.model.scores(X + 2 * np.pi * turns) - source.model.scores(X)
    return {"largest difference": float(np.abs(difference).max())}


def executions(seed: int) -> Row:
    """Count the circuits of one parameter-shift gradient against twice the number of weights."""
    ansatz = circuits.real_amplitudes(4, 2)
    weights = circuits.weights(ansatz)
    program = engine.compile(ansatz, ["ZIII"], (), weights, dtype="complex128")
    values = torch.from_numpy(stream(seed, "weights").uniform(0, 2 * np.pi, len(weights)))
    gradient = parameter_shift(program, torch.zeros(1, 0, dtype=torch.float64), values)
    return {"executions for each weight": gradient.executions / len(weights)}


EXPERIMENTS: dict[str, Callable[[int], Row]] = {
    "one percent": one_percent,
    "five percent": five_percent,
    "single sample": single_sample,
    "period": period,
    "executions": executions,
}


def main() -> None:
    """Run every experiment on every seed and write the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--only", nargs="*", choices=EXPERIMENTS)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    arguments = parser.parse_args()
    results: dict[str, Any] = {}
    for name in arguments.only or EXPERIMENTS:
        rows = [EXPERIMENTS[name](seed) for seed in range(arguments.seeds)]
        results[name] = {
            key: {
                "mean": statistics.fmean(row[key] for row in rows),
                "deviation": statistics.stdev(row[key] for row in rows) if len(rows) > 1 else 0.0,
                "values": [row[key] for row in rows],
            }
            for key in rows[0]
        }
        for key, value in results[name].items():
            print(f"{name}, {key}: {value['mean']:.4g} +- {value['deviation']:.2g}", flush=True)
    path = arguments.out / "claims.json"
    path.write_text(json.dumps({"seeds": arguments.seeds, "results": results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
