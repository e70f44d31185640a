"""Figures of the scanner, admission control and the fuzzers; printed, and kept as JSON.

Usage: python -m benchmarks.security [--out benchmarks] [--clean 10000] [--mutants 200]

Goals stand beside the figures they belong to. ``--clean 0`` leaves out the circuits on which no
oracle may cry, which take about ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import io
import json
import statistics
import sysconfig
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from benchmarks.machine import describe
from redqubit.core.admission import estimate
from redqubit.core.estimate import Rate
from redqubit.scan.fuzz.circuit import fuzz_circuits
from redqubit.scan.fuzz.circuit.mutation import mutation_score
from redqubit.scan.fuzz.circuit.oracles.qpy import versions
from redqubit.scan.fuzz.model import Model, fuzz_model
from redqubit.scan.fuzz.payload import choose, fuzz_payloads
from redqubit.scan.static.engine import scan

REPEATS = 5
PACKAGES = ("qiskit", "pennylane", "cirq", "qiskit_aer")
CORES = 2


@dataclass(frozen=True)
class Figure:
    """A measured value with its unit and, where there is one, the goal."""

    name: str
    value: float
    unit: str
    goal: str = ""

    def __str__(self) -> str:
        """Return one line."""
        goal = f"  (goal {self.goal})" if self.goal else ""
        return f"{self.name}: {self.value:,.4g} {self.unit}{goal}"


def best(work: Callable[[], float]) -> float:
    """Return the median of what ``work`` reports over a few repeats."""
    return statistics.median(work() for _ in range(REPEATS))


def admission(data: str | bytes) -> float:
    """Return microseconds for a kilobyte of a circuit."""

    def once() -> float:
        start = time.perf_counter()
        estimate(data)
        return (time.perf_counter() - start) * 1e6 / (len(data) / 1000)

    return best(once)


def programs() -> dict[str, str | bytes]:
    """Return a circuit of 6,000 gates on eight qubits in each form that is admitted."""
    from qiskit import QuantumCircuit, qpy

    line = "h q[0]; cx q[0], q[1]; rz(0.25 * pi) q[1];\n" * 2000
    circuit = QuantumCircuit(8)
    for _ in range(2000):
        circuit.h(0)
        circuit.cx(0, 1)
        circuit.rz(0.25, 1)
    file = io.BytesIO()
    qpy.dump(circuit, file)
    return {
        "OpenQASM 2": f'OPENQASM 2.0; include "qelib1.inc"; qreg q[8];\n{line}',
        "OpenQASM 3": f'OPENQASM 3.0; include "stdgates.inc"; qubit[8] q;\n{line}',
        "QPY": file.getvalue(),
    }


def circuits(oracle: str, count: int) -> float:
    """Return circuits for a second of processor time on one core, four qubits."""
    fuzz_circuits([oracle], circuits=5, seed=1)

    def once() -> float:
        start = time.process_time()
        fuzz_circuits([oracle], circuits=count, seed=2)
        return count / (time.process_time() - start)

    return best(once)


def timed(oracle: str, count: int, seed: int) -> tuple[float, float]:
    """Run in a process of its own and return when the campaign began and ended."""
    fuzz_circuits([oracle], circuits=5, seed=1)
    begin = time.time()
    fuzz_circuits([oracle], circuits=count, seed=seed)
    return begin, time.time()


def together(oracle: str, count: int) -> float:
    """Return circuits a second of ``CORES`` processes side by side, four qubits."""
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
        spans = list(pool.map(timed, [oracle] * CORES, [count] * CORES, range(CORES)))
    return CORES * count / (max(end for _, end in spans) - min(begin for begin, _ in spans))


def model_rows(oracle: str) -> float:
    """Return rows a second through an oracle, on a model that costs nothing and holds."""

    def outputs(rows: np.ndarray) -> np.ndarray:
        return np.cos(np.nan_to_num(rows, nan=0.0, posinf=0.0, neginf=0.0)).sum(axis=1)

    model = Model(outputs=outputs, features=4, period=2 * np.pi)

    def once() -> float:
        start = time.perf_counter()
        done = fuzz_model(model, [oracle], examples=20, seed=3)
        return done.cases / (time.perf_counter() - start)

    return best(once)


def alarms(count: int, seed: int) -> tuple[int, int, int]:
    """Return the circuits, verdicts and differences of a campaign on the installed packages."""
    done = fuzz_circuits(circuits=count, seed=seed)
    verdicts = [sum(counts.values()) for counts in done.verdicts.values()]
    return done.cases, sum(verdicts), sum(counts["differ"] for counts in done.verdicts.values())


def clean(count: int) -> list[Figure]:
    """Return how often the oracles differ on circuits of packages that are taken to be right."""
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
        parts = list(pool.map(alarms, [count // CORES] * CORES, range(100, 100 + CORES)))
    done, verdicts, differ = (sum(part[index] for part in parts) for index in range(3))
    rate = Rate(differ, done)
    return [
        Figure("fuzz, clean circuits", done, f"circuits, {verdicts:,} verdicts"),
        Figure("fuzz, false alarms on them", differ, f"({rate})", "0"),
    ]


def scanned() -> list[Figure]:
    """Scan installed quantum packages, file by real file."""
    base = Path(sysconfig.get_paths()["purelib"])
    folders = [base / name for name in PACKAGES if (base / name).is_dir()]
    start = time.process_time()
    result = scan(folders, root=base)
    seconds = time.process_time() - start
    high = len(result.at_least("high"))
    return [
        Figure("scan, real files", result.files, "files", "1,000"),
        Figure("scan, files it could not read", len(result.skipped), "files", "0"),
        Figure("scan, lines a second of one core", result.lines / 1000 / seconds, "thousand", "5"),
        Figure("scan, findings at high in them", high, "findings"),
    ]


def payloads(seconds: float) -> Figure:
    """Return runs a second of real parsers in forked, limited workers, imports left out."""
    done = fuzz_payloads(choose(["qiskit.qpy", "qiskit.qasm2"]), seconds=seconds, seed=4)
    return Figure("fuzz, forked parser runs a second", done.rate, "runs", "25")


def figures(clean_circuits: int, mutants: int) -> list[Figure]:
    """Measure everything."""
    score = mutation_score(mutants, seed=6)
    formats = len(versions())
    counted = score.killed + score.survived
    found = [
        *(
            Figure(f"admission, {name}, microseconds a kilobyte", admission(data), "microseconds")
            for name, data in programs().items()
        ),
        *scanned(),
        Figure("fuzz M01, circuits a second of one core", circuits("M01", 100), "circuits"),
        Figure("fuzz M01, circuits a second of two", together("M01", 300), "circuits", "100"),
        Figure(
            "fuzz M06, round trips a second of one core", formats * circuits("M06", 300), "trips"
        ),
        Figure(
            "fuzz M06, round trips a second of two",
            formats * together("M06", 900),
            "trips",
            "4,000",
        ),
        Figure("fuzz M14, rows a second", model_rows("M14"), "rows", "100,000"),
        Figure("fuzz M18, rows a second", model_rows("M18"), "rows", "100,000"),
        payloads(30),
        Figure("fuzz, mutation score", score.value, f"of {counted} mutants", "0.9"),
        Figure("fuzz, false alarms on equivalent mutants", score.false_alarms, "alarms", "0"),
    ]
    return found + (clean(clean_circuits) if clean_circuits else [])


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("benchmarks"))
    parser.add_argument("--clean", type=int, default=10_000)
    parser.add_argument("--mutants", type=int, default=200)
    arguments = parser.parse_args()
    found = figures(arguments.clean, arguments.mutants)
    for figure in found:
        print(figure)
    path = arguments.out / "security.json"
    machine = describe(None, "processor; wall clock where two processes or a second are named")
    path.write_text(
        json.dumps({"machine": machine, "figures": [asdict(item) for item in found]}, indent=1)
        + "\n"
    )


if __name__ == "__main__":
    main()
