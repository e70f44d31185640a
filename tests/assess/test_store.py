"""The store keeps every finished record and nothing half-written."""

import dataclasses
import os
import resource
import subprocess
import sys

import pytest

from redqubit.assess.store import Store
from redqubit.core.errors import InputError
from redqubit.core.estimate import Rate
from redqubit.core.evidence import Evidence, Provenance


def evidence(identifier="a" * 16, **changes):
    base = Evidence(
        identifier,
        "evasion",
        "QML.T0010.002",
        "projected_gradient",
        "measured",
        Provenance(7, {}, "CPU", "2026-01-01T00:00:00Z"),
        success=Rate(1, 4),
    )
    return dataclasses.replace(base, **changes)


def test_records_come_back_in_order_and_the_newest_wins(tmp_path):
    """Reading returns one record an id, the newest, in the order of first appearance."""
    store = Store(tmp_path)
    with store.open():
        store.append(evidence("b" * 16, status="failed"))
        store.append(evidence("a" * 16))
        store.append(evidence("b" * 16, success=Rate(2, 4)))
    assert [item.id[0] for item in store.read()] == ["b", "a"]
    assert store.read()[0].success == Rate(2, 4)


def test_only_measured_jobs_are_finished(tmp_path):
    """A failed job is tried again when the run resumes."""
    store = Store(tmp_path)
    with store.open():
        store.append(evidence("a" * 16))
        store.append(evidence("b" * 16, status="failed"))
    assert store.finished() == {"a" * 16}


def test_a_half_written_line_is_dropped_and_nothing_else(tmp_path):
    """After a crash in the middle of a line, the whole records remain and appending works."""
    store = Store(tmp_path)
    with store.open():
        store.append(evidence("a" * 16))
    whole = store.path.read_bytes()
    store.path.write_bytes(whole + whole[: len(whole) // 2])
    assert [item.id for item in store.read()] == ["a" * 16]
    with store.open():
        store.append(evidence("b" * 16))
    assert [item.id[0] for item in store.read()] == ["a", "b"]


def test_a_full_disk_is_an_error_that_keeps_earlier_records(tmp_path):
    """A record that does not fit is an error, and the file ends with the last whole one."""
    store = Store(tmp_path)
    with store.open():
        store.append(evidence("a" * 16))
        before = store.path.read_bytes()
        old = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 50, old[1]))
        try:
            with pytest.raises(InputError, match=r"cannot write .*resumes"):
                store.append(evidence("b" * 16))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert store.path.read_bytes() == before


def test_an_unwritable_folder_is_an_error(tmp_path):
    """A path below a file cannot become a folder, and the error says what to do."""
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(InputError, match="choose another folder"),
        Store(tmp_path / "file/x").open(),
    ):
        pass


def test_two_runs_never_share_a_folder(tmp_path):
    """A second process that opens the same folder is refused while the first holds it."""
    program = (
        "import sys; from pathlib import Path; from redqubit.assess.store import Store\n"
        "with Store(Path(sys.argv[1])).open(): pass"
    )
    with Store(tmp_path).open():
        other = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)],
            capture_output=True,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            check=False,
        )
    assert "another run is writing" in other.stderr


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON"),
        ('{"schema": 99}', "schema 99"),
        ("[]", "schema None"),
        ('{"schema": 1, "idd": "x"}', "did you mean 'id'"),
    ],
)
def test_foreign_lines_are_named(tmp_path, line, says):
    """A line that is not a record of this schema is an error with its number."""
    (tmp_path / "evidence.jsonl").write_text(line + "\n")
    with pytest.raises(InputError, match=says):
        Store(tmp_path).read()
