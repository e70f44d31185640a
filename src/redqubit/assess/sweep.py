"""Runs the jobs of a plan on local processes or a Dask cluster, through one door."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

from redqubit.assess.plan import Job, Plan
from redqubit.assess.store import Store
from redqubit.core import record
from redqubit.core.errors import InputError, missing_extra
from redqubit.core.evidence import Evidence

ATTEMPTS = 2  # a job whose worker dies twice, alone in its process, will kill a third one

OnDone = Callable[[Job, Evidence], None]


class InlineExecutor(Executor):
    """Runs each job at once in this process: no start-up cost, one worker."""

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def] # noqa: D102
        future: Future[str] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@dataclass(eq=False)
class Lane:
    """One place where one job runs at a time, and the victims it has already trained."""

    executor: Executor
    trained: set[str] = field(default_factory=set)
    job: Job | None = None


class OneProcess(ProcessPoolExecutor):
    """A worker process with one thread that leaves Ctrl-C to its parent from its first moment."""

    def __init__(self) -> None:
        super().__init__(1, get_context("spawn"), initializer=_limit_threads)

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def] # noqa: D102
        if threading.current_thread() is not threading.main_thread():
            return super().submit(fn, *args, **kwargs)
        heard = signal.signal(signal.SIGINT, signal.SIG_IGN)  # a process started now inherits it
        try:
            return super().submit(fn, *args, **kwargs)
        finally:
            signal.signal(signal.SIGINT, heard)


def _limit_threads() -> None:
    """Give a worker process one thread; what it imports later reads these."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"


@contextmanager
def open_lanes(workers: int, scheduler: str | None) -> Iterator[list[Lane]]:
    """Open ``workers`` local processes, or one lane for each thread of a Dask cluster.

    A single local worker is this process itself. When the block fails, running local processes are
    killed; a cluster is only left, it belongs to others too.

    Raises
    ------
    InputError
        Fewer than one worker, or a cluster that does not answer or has no workers.
    MissingExtraError
        A scheduler is named but distributed is not installed.
    """
    if scheduler is not None:
        with _cluster(scheduler) as client:
            threads = sum(client.nthreads().values())
            if not threads:
                raise InputError(f"the Dask cluster at {scheduler} has no workers; start some")
            executor = client.get_executor(pure=False)
            yield [Lane(executor) for _ in range(threads)]
        return
    if workers < 1:
        raise InputError(f"workers must be at least 1, got {workers}")
    lanes = [Lane(InlineExecutor() if workers == 1 else OneProcess()) for _ in range(workers)]
    try:
        yield lanes
    except BaseException:
        for lane in lanes:
            for process in (getattr(lane.executor, "_processes", None) or {}).values():
                process.kill()
        raise
    finally:
        for lane in lanes:
            lane.executor.shutdown(cancel_futures=True)


def _cluster(scheduler: str) -> Any:
    """Return a client of the Dask cluster at ``scheduler``, a context manager."""
    try:
        from distributed import Client
    except ImportError as error:
        raise missing_extra("distributed", "assess", "A Dask cluster") from error
    try:
        return Client(scheduler, timeout=10)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise InputError(f"no Dask scheduler answers at {scheduler}: {error}") from error


def perform(job_text: str) -> str:
    """Run one job given as JSON and return its evidence as JSON: the function workers load."""
    from redqubit.assess.execute import execute  # heavy: torch

    return record.canonical(execute(record.from_json(Job, json.loads(job_text))))


def run_plan(
    plan: Plan,
    store: Store,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    on_done: OnDone | None = None,
) -> list[Evidence]:
    """Run every job of ``plan`` that the store does not hold yet and return all its evidence.

    Jobs are independent and seeded by their content, so the numbers are the same on any number of
    workers and after any interruption. Each record is on disk before the next is taken.

    Raises
    ------
    KeyboardInterrupt
        After running workers were stopped; finished jobs are in the store.
    """
    with store.open():
        finished = store.finished()
        pending = [job for job in plan.jobs if job.id not in finished]

        def keep(job: Job, evidence: Evidence) -> None:
            store.append(evidence)
            if on_done:
                on_done(job, evidence)

        if pending:
            with open_lanes(min(workers, len(pending)), scheduler) as lanes:
                _drain(lanes, pending, keep)
    found = {evidence.id: evidence for evidence in store.read()}
    return [found[job.id] for job in plan.jobs]


def _drain(lanes: list[Lane], waiting: list[Job], keep: OnDone) -> None:
    """Keep every lane busy until no job is left; a lane whose process died gets a new one."""
    attempts: dict[str, int] = {}
    running: dict[Future[str], Lane] = {}
    while waiting or running:
        for lane in lanes:
            if waiting and lane.job is None:
                lane.job = waiting.pop(_next(lane, lanes, waiting))
                lane.trained.add(_victim(lane.job))
                running[lane.executor.submit(perform, record.canonical(lane.job))] = lane
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            lane = running.pop(future)
            job, lane.job = lane.job, None
            if job is None:
                continue
            try:
                evidence = record.from_json(Evidence, json.loads(future.result()))
            except BrokenProcessPool:
                lane.executor, lane.trained = OneProcess(), set()
                attempts[job.id] = attempts.get(job.id, 0) + 1
                if attempts[job.id] < ATTEMPTS:
                    waiting.insert(0, job)
                    continue
                evidence = _failed(job, f"its worker process died {ATTEMPTS} times")
            except Exception as error:  # a cluster gives up in its own ways
                evidence = _failed(job, f"{type(error).__name__}: {error}")
            keep(job, evidence)  # outside: a full disk is no failure of the job


def _victim(job: Job) -> str:
    return record.digest((job.subject, job.defense))


def _next(lane: Lane, lanes: list[Lane], waiting: list[Job]) -> int:
    """Choose a job whose victim this lane has trained, else one no lane has, else the first."""
    elsewhere = set().union(*(other.trained for other in lanes))
    victims = [_victim(job) for job in waiting]
    for wanted in (lane.trained, set(victims) - elsewhere):
        for index, victim in enumerate(victims):
            if victim in wanted:
                return index
    return 0


def _failed(job: Job, reason: str) -> Evidence:
    """Return the evidence of a job that its worker could not finish."""
    from redqubit.assess.execute import skeleton

    return skeleton(job, "failed", reason)
