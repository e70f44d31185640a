"""One worker process: build, check, warm and time the contenders of one group."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks.cases import CASES, OWN, Case, Entrant, Group
from benchmarks.contenders import NotRunError, Prepared
from benchmarks.rows import Row
from benchmarks.timing import interleave
from benchmarks.workload import Workload

# Scaled by each output's largest entry. Single precision loses digits where expectation values of
# many samples cancel in the head's gradient; a wrong sign or angle is off by 1e-2 and more.
TOLERANCE = {"complex64": 1e-4, "complex128": 1e-9}

Arrays = dict[str, np.ndarray]
Say = Callable[[str], None]


class WrongResultError(Exception):
    """A contender disagrees with the reference: an error of the benchmark, never a row."""


@dataclass(frozen=True)
class Settings:
    """How a worker measures.

    Parameters
    ----------
    only
        Contenders whose name contains this text; all where it is empty.
    quick
        Leave out contenders that compile for long.
    budget_s
        Seconds of timing a contender and size.
    clock
        Seconds, monotonic.
    """

    only: str = ""
    quick: bool = False
    budget_s: float = 4.0
    clock: Callable[[], float] = time.perf_counter


@dataclass
class Candidate:
    """A contender that was built, checked and warmed."""

    entrant: Entrant
    work: Workload
    prepared: Prepared
    first_s: float
    error: float | None


def run_group(group: Group, settings: Settings, say: Say) -> tuple[list[Row], list[str]]:
    """Measure a group and return its rows and errors; ``say`` receives progress lines.

    Errors are wrong results, and failures of our own engine.
    """
    case = CASES[group.case]
    device = device_label(group.device)
    ready: list[Candidate] = []
    rows: list[Row] = []
    errors: list[str] = []
    for n, batch in group.sizes:
        work = case.workload(n, batch, group.dtype, group.device)
        truth = Truth(case)
        for entrant in case.entrants:
            if not enters(entrant, group.device, settings):
                continue
            say(f"{entrant.engine}, n = {n}")
            blank = Row(case.name, n, batch, group.dtype, entrant.engine, device=device)
            try:
                ready.append(_prepare(entrant, case, work, truth))
            except WrongResultError as wrong:
                errors.append(f"{case.name} n={n} {group.dtype}: {wrong}")
            except Exception as failure:  # a peer's crash is a finding, whatever its type
                reason = reason_of(failure)
                rows.append(replace(blank, reason=reason))
                if entrant.engine.startswith(OWN) and not isinstance(failure, NotRunError):
                    errors.append(f"{case.name} n={n} {group.dtype} {entrant.engine}: {reason}")
    say(f"timing {len(ready)} contenders in turn")
    steps = [candidate.prepared.run for candidate in ready]
    timings = interleave(steps, settings.budget_s, settings.clock)
    for candidate, timing in zip(ready, timings, strict=True):
        work, scale = candidate.work, candidate.prepared.scale
        rows.append(
            Row(
                case.name,
                work.n,
                work.batch,
                work.dtype,
                candidate.entrant.engine,
                median_ms=_round(1e3 * timing.median_s * scale),
                min_ms=_round(1e3 * timing.min_s * scale),
                compile_s=round(max(0.0, candidate.first_s - timing.min_s), 3),
                max_error=candidate.error,
                device=device,
                repeats=timing.repeats,
                note=candidate.prepared.note,
            )
        )
    return rows, errors


def enters(entrant: Entrant, device: str, settings: Settings) -> bool:
    """Return whether a contender takes part, by name, patience and device."""
    named = settings.only.lower() in entrant.engine.lower()
    patient = entrant.quick or not settings.quick
    return named and patient and (entrant.cuda or device == "cpu")


class Truth:
    """The reference's results, computed once a workload."""

    def __init__(self, case: Case) -> None:
        self._function = resolve(f"benchmarks.{case.reference}")
        self._known: dict[int, Arrays] = {}

    def __call__(self, work: Workload) -> Arrays:
        """Return the true result of the work."""
        if work.batch not in self._known:
            self._known[work.batch] = self._function(work)
        return self._known[work.batch]


def _prepare(entrant: Entrant, case: Case, work: Workload, truth: Truth) -> Candidate:
    """Build and call a contender, and compare it with the reference."""
    if entrant.limit is not None and work.n > entrant.limit:
        raise NotRunError(entrant.reason)
    build = resolve(f"benchmarks.contenders.{entrant.builder}")
    start = time.perf_counter()  # imports are not compilation
    prepared: Prepared = build(work)
    result = prepared.run()
    first_s = time.perf_counter() - start
    error = None
    if entrant.checked:
        part = work.head_of(case.check_batch.get(work.n, work.batch))
        if part.batch < work.batch:
            small = build(part)
            error = deviation(small.read(small.run()), truth(part))
        else:
            error = deviation(prepared.read(result), truth(work))
        allowed = case.tolerance or TOLERANCE[work.dtype]
        if not error <= allowed:
            raise WrongResultError(
                f"{entrant.engine} deviates by {error:.1e}, allowed {allowed:.0e}"
            )
    else:
        prepared.read(result)
    return Candidate(entrant, work, prepared, first_s, error)


def deviation(result: Arrays, truth: Arrays) -> float:
    """Return the largest difference over all outputs, each scaled by its largest true entry.

    Raises
    ------
    WrongResultError
        An output is missing, has the wrong shape, or nothing was returned.
    """
    if not result:
        raise WrongResultError("no output to compare")
    worst = 0.0
    for name, value in result.items():
        if name not in truth:
            raise WrongResultError(f"the reference has no output {name!r}")
        expected = truth[name]
        if value.shape != expected.shape:
            raise WrongResultError(f"{name} has shape {value.shape}, expected {expected.shape}")
        difference = float(np.abs(value - expected).max() / np.abs(expected).max())
        worst = max(worst, difference if np.isfinite(difference) else np.inf)
    return worst


def resolve(path: str) -> Callable[..., Any]:
    """Import ``package.module.function``."""
    module, _, name = path.rpartition(".")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def reason_of(failure: Exception) -> str:
    """Say in one line why a contender did not run."""
    if isinstance(failure, NotRunError):
        return str(failure)
    if isinstance(failure, ModuleNotFoundError):
        return f"not installed: {failure.name}"
    first = (str(failure).strip().splitlines() or [""])[0]
    return f"failed: {type(failure).__name__}: {first[:160]}"


def device_label(device: str) -> str:
    """Return ``cpu`` or the name of the accelerator."""
    if device == "cpu":
        return "cpu"
    import torch

    return str(torch.cuda.get_device_name())


def limit_threads() -> None:
    """Hold torch to one thread, which it does not always take from the environment."""
    try:
        import torch
    except ModuleNotFoundError:
        return
    torch.set_num_threads(1)


def progress(prefix: str) -> Say:
    """Return a function that writes progress lines to standard error."""
    start = time.perf_counter()

    def say(line: str) -> None:
        print(
            f"{time.perf_counter() - start:7.1f} s  {prefix}  {line}", file=sys.stderr, flush=True
        )

    return say


def _round(milliseconds: float) -> float:
    return float(f"{milliseconds:.4g}")
