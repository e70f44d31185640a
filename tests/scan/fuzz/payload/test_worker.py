"""A worker survives whatever a parser does, and says how each input ended."""

import os
from types import ModuleType

import pytest

from redqubit.core.errors import InputError
from redqubit.scan.fuzz.payload.targets import Target
from redqubit.scan.fuzz.payload.worker import Bounds, Worker, WorkerError

BOUNDS = Bounds(seconds=0.5, megabytes=1024, batch=4)
ENDS = {
    "hangs": (b"while", "hang", "processor time"),
    "sleeps": (b"delay", "hang", "wall clock"),
    "aborts": (b"opaque", "abort", "SIGABRT"),
    "leaves": (b"extern", "abort", "exit 0"),
    "panics": (b"switch", "panic", "PanicError"),
    "gorges": (b"18446744073709551616", "exhausted", "MemoryError"),
    "recurses": (b"(" * 100, "exhausted", "RecursionError"),
    "untyped": (b"input", "untyped", "KeyError"),
    "stricter": (b"duration", "rejected", "ToyError"),
}


@pytest.mark.parametrize("name", ENDS)
def test_every_ending_costs_one_input(toys: ModuleType, name: str) -> None:
    """The fault is attributed to its input; those before and after it are accepted."""
    trigger, ending, error = ENDS[name]
    with Worker(toys.toy(getattr(toys, name)), BOUNDS) as worker:
        worker.ready()
        outcomes = worker.run([b"a", trigger, b"b", b"c", b"d", b"e"])
    assert [outcome.ending for outcome in outcomes] == ["accepted", ending, *["accepted"] * 4]
    assert outcomes[1].error.rpartition(".")[2] == error


def test_nothing_runs_in_the_process_that_asks(toys: ModuleType) -> None:
    """Import and parser see other processes than the caller's."""
    here = os.getpid()

    def load() -> object:
        assert os.getpid() != here
        return lambda payload: os.kill(here, 0) if os.getpid() != here else os.abort()

    target = Target("pids", "json", "redqubit", (), load, ())  # type: ignore[arg-type]
    with Worker(target, BOUNDS) as worker:
        worker.ready()
        assert worker.run([b"a"])[0].ending == "accepted"


def test_memory_is_measured(toys: ModuleType) -> None:
    """What an input takes shows as growth of the peak, and only for that input."""
    with Worker(toys.toy(toys.eats), BOUNDS) as worker:
        worker.ready()
        first, second, third = worker.run([b"a", b"array", b"b"])
    assert second.megabytes > 200
    assert max(first.megabytes, third.megabytes) < 50


def test_files_cannot_grow(toys: ModuleType, tmp_path) -> None:
    """A parser under test writes no file of any size."""

    def load() -> object:
        def write(payload: bytes) -> None:
            with open(tmp_path / "a", "wb") as out:
                out.write(payload)

        return write

    target = Target("writes", "json", "redqubit", (), load, ())  # type: ignore[arg-type]
    with Worker(target, BOUNDS) as worker:
        worker.ready()
        assert worker.run([b"a" * 100])[0].ending != "accepted"
    assert (tmp_path / "a").stat().st_size == 0


def test_a_broken_import_is_named() -> None:
    """A parser that cannot be imported is an error with its reason."""

    def load() -> object:
        raise OSError("library is broken")

    target = Target("broken", "json", "redqubit", (), load, ())  # type: ignore[arg-type]
    with Worker(target, BOUNDS) as worker, pytest.raises(WorkerError, match="library is broken"):
        worker.ready()


def test_what_is_not_installed_is_named() -> None:
    """A missing module is known before anything starts."""
    target = Target("absent", "json", "absent", ("no_such_module.part",), lambda: len, ())
    assert target.missing == "no_such_module.part"
    assert target.version == ""
    with pytest.raises(InputError, match="not installed"):
        Worker(target, BOUNDS)
    with pytest.raises(InputError, match="positive"):
        Bounds(seconds=0)


def test_many_children(toys: ModuleType) -> None:
    """With a child for every input, a worker runs as many inputs as it is given, in order."""
    with Worker(toys.toy(toys.clean), Bounds(batch=1)) as worker:
        worker.ready()
        found = worker.run([b"a", b"{"] * 30)
    assert [item.ending for item in found] == ["accepted", "rejected"] * 30
