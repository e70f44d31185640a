"""Tests of the attack."""

import pickle

import numpy as np
import pytest

from robusteval.archive import append, records
from robusteval.poison import agreement, flip_seeded


def test_flips_the_stated_fraction():
    y = np.ones(100)
    assert agreement(flip_seeded(y, 0.2), y) == pytest.approx(0.8)


def test_archive_detects_edits(tmp_path):
    path = tmp_path / "r.jsonl"
    append(path, {"a": 1})
    path.write_text(path.read_text().replace('"a": 1', '"a": 2'))
    with pytest.raises(ValueError, match="digest"):
        list(records(path))


def test_records_survive_pickling():
    record = {"radius": 0.1, "accuracy": 0.9}
    assert pickle.loads(pickle.dumps(record)) == record
