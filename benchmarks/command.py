"""The command: plan the groups, run each in its own pinned process, write results and page."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks import machine, page
from benchmarks.cases import CASES, PRECISIONS, Group, plan
from benchmarks.rows import Row, load, merge, store
from redqubit.core.record import from_json

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results.json"
HEADER = ROOT / "benchmarks" / "machine.json"
DOCS = ROOT / "docs"

BUDGET_S, QUICK_BUDGET_S = 4.0, 0.5
GROUP_LIMIT_S = 600
CLOCKS = {"wall": time.perf_counter, "processor": time.process_time}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; return 0, or 1 where a contender failed or computed something wrong."""
    options = parser().parse_args(arguments)
    if options.worker:
        return _work(options)
    if options.page:
        page.write(load(RESULTS), json.loads(HEADER.read_text(encoding="utf-8")), DOCS)
        return 0
    header = machine.describe(machine.pin(options.core), options.clock)
    groups = [
        group
        for device in _devices(options.device)
        for group in plan(tuple(options.case or CASES), tuple(options.dtype), device, options.quick)
    ]
    old = load(RESULTS)
    rows: list[Row] = []
    errors: list[str] = []
    for position, group in enumerate(groups, 1):
        print(f"[{position}/{len(groups)}] {group}", file=sys.stderr, flush=True)
        found, wrong = _spawn(group, options)
        rows += found
        errors += wrong
        if not options.quick:  # what is measured survives an interruption
            store(RESULTS, merge(old, rows))
    if not options.quick:
        everything = not (options.case or options.only) and set(options.dtype) == set(PRECISIONS)
        kept = rows if everything else merge(old, rows)
        store(RESULTS, kept)
        HEADER.write_text(json.dumps(header, indent=2) + "\n", encoding="utf-8")
        page.write(kept, header, DOCS)
    print(page.summary(rows))
    for error in errors:
        print(f"error: {error}", file=sys.stderr)
    return 1 if errors else 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    result = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    result.add_argument("--case", action="append", choices=sorted(CASES), help="only this case")
    result.add_argument("--only", default="", help="contenders whose name contains this text")
    result.add_argument(
        "--dtype", nargs="+", choices=PRECISIONS, default=list(PRECISIONS), help="precisions"
    )
    result.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    result.add_argument("--core", type=int, help="core to bind to; the last one if not given")
    result.add_argument(
        "--clock",
        choices=tuple(CLOCKS),
        default="wall",
        help="processor time is steadier on a busy machine; accelerators need wall time",
    )
    result.add_argument("--quick", action="store_true", help="small sizes, nothing is written")
    result.add_argument("--page", action="store_true", help="only write the page again")
    result.add_argument("--worker", help=argparse.SUPPRESS)
    result.add_argument("--answer", help=argparse.SUPPRESS)
    return result


def _spawn(group: Group, options: argparse.Namespace) -> tuple[list[Row], list[str]]:
    """Measure one group in a fresh process and collect its rows and errors."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        command = [sys.executable, "-m", "benchmarks", "--worker", json.dumps(asdict(group))]
        command += ["--answer", str(answer), "--only", options.only, "--clock", options.clock]
        command += ["--quick"] if options.quick else []
        environment = machine.worker_environment(group.dtype, group.device, os.environ)
        try:
            code = subprocess.run(
                command, env=environment, cwd=ROOT, timeout=GROUP_LIMIT_S, check=False
            ).returncode
        except subprocess.TimeoutExpired:
            return [], [f"{group}: not finished in {GROUP_LIMIT_S} s"]
        if not answer.exists():
            return [], [f"{group}: the process ended with code {code} and no result"]
        data = json.loads(answer.read_text(encoding="utf-8"))
    return [from_json(Row, row) for row in data["rows"]], data["errors"]


def _work(options: argparse.Namespace) -> int:
    """Be the worker: measure one group, write the answer where the parent reads it."""
    from benchmarks import worker

    group = from_json(Group, json.loads(options.worker))
    worker.limit_threads()
    settings = worker.Settings(
        only=options.only,
        quick=options.quick,
        budget_s=QUICK_BUDGET_S if options.quick else BUDGET_S,
        clock=CLOCKS[options.clock],
    )
    rows, errors = worker.run_group(group, settings, worker.progress(group.case))
    answer = {"rows": [asdict(row) for row in rows], "errors": errors}
    Path(options.answer).write_text(json.dumps(answer), encoding="utf-8")
    return 0


def _devices(wanted: str) -> list[str]:
    """Return the devices to measure; ``auto`` adds the accelerator where torch sees one."""
    if wanted != "auto":
        return [wanted]
    probe = "import torch, sys; sys.exit(0 if torch.cuda.is_available() else 1)"
    found = subprocess.run([sys.executable, "-c", probe], capture_output=True, check=False)
    return ["cpu", "cuda"] if found.returncode == 0 else ["cpu"]
