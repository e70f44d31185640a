"""Run a parser where it can do no harm: in a forked child with limits, watched by a nursery.

The nursery is a process forked before anything heavy is imported. It imports the one parser, then
forks a child for each small batch of inputs; the child has limits on address space, processor
time and file size, and its death costs one input. The process that starts nurseries parses
nothing.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import struct
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any, Self

from redqubit.core.errors import InputError, RedqubitError
from redqubit.scan.fuzz.payload.outcome import Outcome, describe, from_fields
from redqubit.scan.fuzz.payload.targets import Parse, Target

_SIZE = struct.Struct("!I")
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS", "MKL_NUM_THREADS")


class WorkerError(RedqubitError):
    """A nursery could not start or died; the message says why."""


@dataclass(frozen=True)
class Bounds:
    """What one input may cost.

    Parameters
    ----------
    seconds
        Processor time; twice that, plus a second, is allowed on the wall clock.
    megabytes
        Address space beyond what the parser itself takes.
    batch
        Inputs a child runs before the next is forked; 1 gives every input its own child.
    start_seconds
        Time to import the parser.
    """

    seconds: float = 1.5
    megabytes: int = 1024
    batch: int = 16
    start_seconds: float = 120.0

    def __post_init__(self) -> None:
        if not (self.seconds > 0 and self.megabytes > 0 and self.batch > 0):
            raise InputError("seconds, megabytes and batch of a worker are positive")

    @property
    def wall(self) -> float:
        """Return the seconds one input may take on the wall clock."""
        return 2 * self.seconds + 1


class Worker:
    """A parser behind a nursery; use it as a context manager.

    Raises
    ------
    InputError
        The system cannot fork, or the parser is not installed.
    WorkerError
        The parser cannot be imported.
    """

    def __init__(self, target: Target, bounds: Bounds) -> None:
        if not hasattr(os, "fork") or not hasattr(signal, "ITIMER_PROF"):
            raise InputError("payload fuzzing forks its workers: run it on Linux or macOS")
        if target.missing:
            raise InputError(f"{target.name} needs {target.missing}, which is not installed")
        self.target = target
        self.bounds = bounds
        self._pid = 0
        self._socket: socket.socket | None = None
        self._waiting = 0

    def __enter__(self) -> Self:
        """Start the nursery; `ready` waits until the parser is imported."""
        self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the nursery."""
        self._end()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        sys.stdout.flush()
        sys.stderr.flush()
        with warnings.catch_warnings():
            # The nursery runs no other thread's code, so a lock held by one does not matter.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if not pid:
            ours.close()
            code = 1
            try:
                _nursery(theirs, self.target, self.bounds)
                code = 0
            finally:
                os._exit(code)
        theirs.close()
        self._pid, self._socket = pid, ours

    def _end(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self._pid, 0)
            self._pid = 0

    def ready(self) -> None:
        """Wait until the parser is imported.

        Raises
        ------
        WorkerError
            It cannot be imported.
        """
        answer = self._receive(self.bounds.start_seconds)
        if "failed" in answer:
            self._end()
            raise WorkerError(f"{self.target.name} cannot be imported: {answer['failed']}")

    def submit(self, payloads: Sequence[bytes]) -> None:
        """Send inputs; `collect` returns what came of them."""
        assert self._socket is not None, "a worker runs inside its with block"
        self._waiting = len(payloads)
        self._socket.sendall(
            b"".join((_SIZE.pack(len(payloads)), *(_SIZE.pack(len(one)) + one for one in payloads)))
        )

    def collect(self) -> list[Outcome]:
        """Return one outcome for each submitted input, in order.

        Raises
        ------
        WorkerError
            The nursery itself died.
        """
        outcomes = []
        for _ in range(self._waiting):
            outcomes.append(from_fields(self._receive(self.bounds.wall + 60)))
        self._waiting = 0
        return outcomes

    def run(self, payloads: Sequence[bytes]) -> list[Outcome]:
        """Submit and collect."""
        self.submit(payloads)
        return self.collect()

    def _receive(self, seconds: float) -> dict[str, Any]:
        assert self._socket is not None, "a worker runs inside its with block"
        self._socket.settimeout(seconds)
        try:
            head = _exactly(self._socket, _SIZE.size)
            data = json.loads(_exactly(self._socket, _SIZE.unpack(head)[0]))
        except (OSError, ValueError) as error:
            self._end()
            raise WorkerError(f"the nursery of {self.target.name} ended: {error}") from error
        assert isinstance(data, dict)
        return data


def _exactly(source: socket.socket, size: int) -> bytes:
    parts = []
    while size:
        part = source.recv(min(size, 1 << 20))
        if not part:
            raise OSError("connection closed")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _send(out: socket.socket, fields: dict[str, Any]) -> None:
    data = json.dumps(fields).encode()
    out.sendall(_SIZE.pack(len(data)) + data)


def _nursery(link: socket.socket, target: Target, bounds: Bounds) -> None:
    """Import the parser, then run batches until the other side closes; never returns early."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    for name in _ONE_THREAD:
        os.environ[name] = "1"
    os.environ["QISKIT_PARALLEL"] = "FALSE"
    warnings.simplefilter("ignore")
    try:
        parse = target.load()
        if target.warm:
            with contextlib.suppress(Exception):
                parse(target.warm)
    except BaseException as error:
        _send(link, {"failed": f"{type(error).__name__}: {str(error)[:200]}"})
        return
    gc.collect()
    gc.freeze()
    _send(link, {"ready": True})
    while True:
        try:
            count = _SIZE.unpack(_exactly(link, _SIZE.size))[0]
            payloads = [
                _exactly(link, _SIZE.unpack(_exactly(link, _SIZE.size))[0]) for _ in range(count)
            ]
        except OSError:
            return
        done = 0
        while done < count:
            some = payloads[done : done + bounds.batch]
            for outcome in _batch(parse, target.typed, some, bounds):
                _send(link, asdict(outcome))
                done += 1


def _batch(
    parse: Parse, typed: tuple[str, ...], payloads: Sequence[bytes], bounds: Bounds
) -> list[Outcome]:
    """Run inputs in one child until one of them ends it; return at least one outcome."""
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            os.close(read)
            _child(parse, typed, payloads, bounds, write)
        finally:
            os._exit(0)
    os.close(write)
    outcomes: list[Outcome] = []
    buffer = b""
    deadline = time.monotonic() + bounds.wall
    late = False
    with contextlib.suppress(OSError):
        while not late:
            ready, _, _ = select.select([read], [], [], max(deadline - time.monotonic(), 0.0))
            late = not ready
            part = os.read(read, 1 << 16) if ready else b""
            if not part:
                break
            buffer += part
            *lines, buffer = buffer.split(b"\n")
            for line in lines:
                outcomes.append(from_fields(json.loads(line)))
                deadline = time.monotonic() + bounds.wall
    os.close(read)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    _, status, used = os.wait4(pid, 0)
    if late or len(outcomes) < len(payloads):
        seconds = used.ru_utime + used.ru_stime - sum(outcome.seconds for outcome in outcomes)
        ended = _ended(status, late, max(seconds, 0.0), bounds)
        if ended is not None:
            outcomes.append(ended)
    return outcomes


def _ended(status: int, late: bool, seconds: float, bounds: Bounds) -> Outcome | None:
    """Say how a child ended in the middle of an input; None if it left between two."""
    if late:
        return Outcome("hang", "wall clock", seconds=max(seconds, bounds.wall))
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number in (signal.SIGPROF, signal.SIGXCPU):
            return Outcome("hang", "processor time", seconds=max(seconds, bounds.seconds))
        return Outcome("abort", signal.Signals(number).name, seconds=seconds)
    code = os.WEXITSTATUS(status)
    return None if code == _LEAVING else Outcome("abort", f"exit {code}", seconds=seconds)


_LEAVING = 86  # exit status of a child that asks for a fresh one


def _child(
    parse: Parse, typed: tuple[str, ...], payloads: Sequence[bytes], bounds: Bounds, write: int
) -> None:
    os.setpgid(0, 0)
    _limit(bounds)
    for payload in payloads:
        _forget_peak()
        signal.setitimer(signal.ITIMER_PROF, bounds.seconds)
        before, peak = time.process_time(), _peak()
        ending, error, message, where = "accepted", "", "", ""
        try:
            parse(payload)
        except BaseException as caught:
            ending, error, message, where = describe(caught, typed)
        signal.setitimer(signal.ITIMER_PROF, 0)
        seconds, megabytes = time.process_time() - before, _peak() - peak
        fields = {"ending": ending, "error": error, "message": message, "where": where}
        line = json.dumps({**fields, "seconds": seconds, "megabytes": megabytes})
        os.write(write, line.encode() + b"\n")
        if megabytes > 50 or ending in ("exhausted", "panic"):
            os._exit(_LEAVING)  # so that the next input meets a fresh process


def _forget_peak() -> None:
    """Let the peak begin anew at what is resident now, where the system can."""
    with contextlib.suppress(OSError), open("/proc/self/clear_refs", "w", encoding="ascii") as out:
        out.write("5")


def _peak() -> float:
    """Return the peak of resident memory in MB."""
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _limit(bounds: Bounds) -> None:
    """Bound address space, processor time, file size and core dumps of this process."""
    import faulthandler
    import resource

    faulthandler.disable()
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    cap = bounds.megabytes * 1_000_000 + _mapped()
    resource.setrlimit(resource.RLIMIT_AS, (cap, cap))
    total = int(bounds.seconds * bounds.batch) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (total, total + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _mapped() -> int:
    """Return the address space in use, in bytes; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as source:
            return int(source.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
