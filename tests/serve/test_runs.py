from dataclasses import replace

import pytest

from redqubit.assess.store import Store
from redqubit.core.errors import InputError
from redqubit.serve.runs import Run, by_technique, read, state


def measured(runs):
    return next(e for e in runs[0].evidence if e.technique and e.success and e.defense == "none")


def test_runs_are_read_from_a_folder_and_its_folders(runs, tmp_path):
    """Each folder with a file of evidence is a run, and so is the folder itself."""
    item = measured(runs)
    assert read(tmp_path) == ()
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
        Store(tmp_path / name).append(item)
    assert read(tmp_path) == (Run("a", (item,)), Run("b", (item,)))
    assert read(tmp_path / "a") == (Run("a", (item,)),)


def test_a_broken_file_is_named(tmp_path):
    """The message names file and line."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "evidence.jsonl").write_text("no\n")
    with pytest.raises(InputError, match=r"evidence\.jsonl line 1"):
        read(tmp_path)


def test_the_state_changes_with_the_evidence(runs, tmp_path):
    """A new record is noticed."""
    before = state(tmp_path)
    Store(tmp_path).append(measured(runs))
    assert state(tmp_path) != before


def test_newest_undefended_measurement_comes_first(runs):
    """Measurements are sorted by defense, then by time; what was not measured is left out."""
    item = measured(runs)
    old = replace(item, provenance=replace(item.provenance, created="2020-01-01T00:00:00Z"))
    safe = replace(item, defense="top_one", mitigation="QML.M0004")
    failed = replace(item, status="failed", success=None)
    found = by_technique((Run("one", (safe, old, failed)), Run("two", (item,))))
    assert [own.evidence for own in found[item.technique]] == [item, old, safe]
    assert found[item.technique][0].run == "two"
