"""Rows survive the file, and new rows replace old ones of the same key."""

import json

import pytest
from benchmarks.rows import Row, load, merge, store

from redqubit.core.errors import InputError

ROW = Row("w1", 4, 128, "complex64", "redqubit", 1.5, 1.2, 0.3, 1e-6, repeats=9)


def test_file_round_trip(tmp_path):
    """Stored rows are read back equal, and the file is a JSON list of objects."""
    rows = [ROW, Row("w1", 8, 128, "complex64", "peer", reason="not installed: peer")]
    store(tmp_path / "results.json", rows)
    assert load(tmp_path / "results.json") == rows
    entries = json.loads((tmp_path / "results.json").read_text())
    wanted = [
        "case",
        "n",
        "batch",
        "dtype",
        "engine",
        "median_ms",
        "min_ms",
        "compile_s",
        "max_error",
    ]
    assert all(set(wanted) <= set(entry) for entry in entries)


def test_absent_file_is_empty(tmp_path):
    """A results file that does not exist holds no rows."""
    assert load(tmp_path / "none.json") == []


def test_unknown_column_is_named(tmp_path):
    """A column that no row has is an error that names it."""
    (tmp_path / "results.json").write_text('[{"case": "w1", "speed": 1}]')
    with pytest.raises(InputError, match="speed"):
        load(tmp_path / "results.json")


def test_merge_replaces_by_key():
    """A row measured again replaces the old one in place; others stay."""
    other = Row("w1", 8, 128, "complex64", "redqubit", 3.0, 2.0)
    again = Row("w1", 4, 128, "complex64", "redqubit", 1.0, 0.9)
    assert merge([ROW, other], [again]) == [again, other]
