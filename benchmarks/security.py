"""Figures of the scanner, admission control and the fuzzers; printed, and kept as JSON.

Usage: python -m benchmarks.security [--out benchmarks]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.machine import describe
from redqubit.core.admission import estimate
from redqubit.scan.fuzz.circuit import fuzz_circuits
from redqubit.scan.fuzz.model import Model, fuzz_model
from redqubit.scan.static.engine import scan

REPEATS = 5


def best(work: Callable[[], float]) -> float:
    """Return the median of what ``work`` reports over a few repeats."""
    return statistics.median(work() for _ in range(REPEATS))


def admission() -> float:
    """Return microseconds for a kilobyte of OpenQASM 3 text."""
    line = "h q[0]; cx q[0], q[1]; rz(0.25 * pi) q[1];\n"
    text = 'OPENQASM 3.0; include "stdgates.inc"; qubit[8] q;\n' + line * 2000

    def once() -> float:
        start = time.perf_counter()
        estimate(text)
        return (time.perf_counter() - start) * 1e6 / (len(text) / 1000)

    return best(once)


def circuits(oracle: str, count: int) -> float:
    """Return circuits for a second of processor time on one core, four qubits."""
    fuzz_circuits([oracle], circuits=5, seed=1)

    def once() -> float:
        start = time.process_time()
        fuzz_circuits([oracle], circuits=count, seed=2)
        return count / (time.process_time() - start)

    return best(once)


def model_rows() -> float:
    """Return rows a second through the periodicity oracle, on a model that costs nothing."""
    model = Model(outputs=lambda x: np.cos(x).sum(axis=1), features=4, period=2 * np.pi)

    def once() -> float:
        start = time.perf_counter()
        done = fuzz_model(model, ["M14"], examples=20, seed=3)
        return done.cases / (time.perf_counter() - start)

    return best(once)


def scanned() -> tuple[float, int]:
    """Return thousand lines for a second of processor time over installed Qiskit, and findings."""
    folder = Path(sysconfig.get_paths()["purelib"]) / "qiskit"
    start = time.process_time()
    result = scan([folder], root=folder.parent)
    seconds = time.process_time() - start
    return result.lines / 1000 / seconds, len(result.at_least("high"))


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("benchmarks"))
    arguments = parser.parse_args()
    speed, high = scanned()
    figures = {
        "admission, microseconds a kilobyte": admission(),
        "scan, thousand lines a second": speed,
        "scan, findings at high in Qiskit": high,
        "fuzz M01, circuits a second": circuits("M01", 100),
        "fuzz M06, circuits a second (five formats each)": circuits("M06", 300),
        "fuzz M14, rows a second": model_rows(),
    }
    for name, value in figures.items():
        print(f"{name}: {value:,.4g}")
    path = arguments.out / "security.json"
    path.write_text(
        json.dumps({"machine": describe(None, "processor"), "figures": figures}, indent=1) + "\n"
    )


if __name__ == "__main__":
    main()
