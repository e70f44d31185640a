"""Data sets by name and the user's files."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from redqubit.core.errors import InputError
from redqubit.models import datasets, table

SHAPES = {
    "blobs": ((600, 2), 3),
    "breast_cancer": ((569, 30), 2),
    "circles": ((600, 2), 2),
    "digits": ((1797, 64), 10),
    "iris": ((150, 4), 3),
    "moons": ((600, 2), 2),
    "wine": ((178, 13), 3),
}


@pytest.mark.parametrize("name", datasets.NAMES)
def test_bundled_sets_load_without_a_network(name):
    """Every named set has its documented size and number of classes."""
    X, y = datasets.load(name)
    assert (X.shape, len(np.unique(y))) == SHAPES[name]


@pytest.mark.parametrize("name", ["moons", "circles", "blobs"])
def test_synthetic_sets_depend_on_the_seed_alone(name):
    """The same seed gives the same samples, another seed others."""
    first = datasets.load(name, samples=20, noise=0.2, seed=1)[0]
    np.testing.assert_array_equal(first, datasets.load(name, samples=20, noise=0.2, seed=1)[0])
    assert not np.array_equal(first, datasets.load(name, samples=20, noise=0.2, seed=2)[0])


def test_classes_select_samples():
    """Only samples of the chosen classes stay, with their labels."""
    X, y = datasets.load("digits", classes=(3, 5))
    assert set(y) == {3, 5}
    assert len(X) == len(y) == 365


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "digit"}, "unknown data set 'digit'.*did you mean 'digits'"),
        ({"name": "digits", "classes": (0, 10)}, "unknown class '10'"),
        ({"name": "digits", "classes": (1, 1)}, "at least two classes"),
        ({"name": "moons", "samples": 1}, "samples must be from 2"),
        ({"name": "moons", "noise": -1.0}, "noise must be"),
        ({"name": "missing.csv"}, "cannot read missing.csv"),
    ],
)
def test_bad_requests_name_the_rule(arguments, message):
    """An unknown name, class or size is an InputError that says what is allowed."""
    with pytest.raises(InputError, match=message):
        datasets.load(**arguments)


def test_csv_is_read_by_its_header(tmp_path):
    """The label column is found by name wherever it stands; text labels stay text."""
    path = tmp_path / "mine.csv"
    path.write_text("\ufeffa,Label,b\n1,cat,2\n3.5,dog,-4e1\n\n0,cat,0\n", encoding="utf-8")
    X, y = datasets.load(path)
    np.testing.assert_array_equal(X, [[1, 2], [3.5, -40], [0, 0]])
    assert y.tolist() == ["cat", "dog", "cat"]


def test_csv_label_column_can_be_chosen(tmp_path):
    """A named label column wins; whole-number labels become integers."""
    path = tmp_path / "mine.csv"
    path.write_text("kind,b,label\n1,2,7\n2,4,7\n")
    X, y = datasets.load(path, label="kind")
    np.testing.assert_array_equal(X, [[2, 7], [4, 7]])
    assert y.tolist() == [1, 2]
    with pytest.raises(InputError, match=r"unknown label column.*did you mean 'kind'"):
        datasets.load(path, label="knd")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "at least two columns"),
        ("a,b\n", "no samples"),
        ("1,2\n3,4\n", "line of column names, got numbers"),
        ("a,label\n1,x\n2,y,z\n", "line 3: expected 2 fields as in the header, got 3"),
        ("a,label\n1,x\nabc,y\n", "line 3, column 'a': expected a finite number, got 'abc'"),
        ("a,label\nnan,x\n", "line 2, column 'a': expected a finite number, got 'nan'"),
        ("a,label\n1,\n", "line 2, column 'label': the label is empty"),
        ('a,label\n1,"x\n', "as CSV"),
    ],
)
def test_bad_csv_names_file_line_and_column(tmp_path, text, message):
    """What is wrong in a CSV file is said with its place."""
    path = tmp_path / "mine.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        datasets.load(path)


def test_csv_must_be_utf8(tmp_path):
    """A file in another encoding is an error, not a guess."""
    path = tmp_path / "mine.csv"
    path.write_bytes(b"a,label\n1,\xff\xfe\n")
    with pytest.raises(InputError, match="UTF-8"):
        datasets.load(path)


def test_npz_is_read_as_written(tmp_path):
    """Arrays X and y come back."""
    path = tmp_path / "mine.npz"
    np.savez(path, X=np.arange(6.0).reshape(3, 2), y=np.array(["a", "b", "a"]))
    X, y = datasets.load(path, classes=("a", "b"))
    np.testing.assert_array_equal(X, np.arange(6.0).reshape(3, 2))
    assert y.tolist() == ["a", "b", "a"]


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"X": np.eye(2)}, "must contain the arrays 'X' and 'y'"),
        ({"X": np.array([[1, None]], dtype=object), "y": np.zeros(1)}, "plain arrays"),
        ({"X": np.eye(2), "y": np.array([{}, []], dtype=object)}, "plain arrays"),
        ({"X": np.array([[0, np.inf]]), "y": np.zeros(1)}, "got inf in row 0, column 1"),
        ({"X": np.eye(2), "y": np.zeros(3)}, "one label for each of 2 samples"),
        ({"X": np.zeros(3), "y": np.zeros(3)}, "Reshape your data"),
    ],
)
def test_bad_npz_is_refused(tmp_path, arrays, message):
    """Missing, pickled, non-finite or misshapen arrays are errors; nothing is unpickled."""
    path = tmp_path / "mine.npz"
    np.savez(path, **arrays)
    with pytest.raises(InputError, match=message):
        datasets.load(path)


def test_npz_that_unpacks_to_too_much_is_refused_before_reading(tmp_path, monkeypatch):
    """A small archive that claims more than the limit is an error."""
    monkeypatch.setattr(table, "MAX_BYTES", 1 << 20)
    path = tmp_path / "bomb.npz"
    np.savez_compressed(path, X=np.zeros((1 << 10, 1 << 8)), y=np.zeros(1 << 10))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(InputError, match="unpacks to"):
        datasets.load(path)


def test_npz_that_is_no_archive_is_refused(tmp_path):
    """Other bytes, a truncated archive and a lying array header are errors."""
    path = tmp_path / "mine.npz"
    np.savez(path, X=np.eye(3), y=np.arange(3))
    whole = path.read_bytes()
    for content in (b"", b"PK\x03\x04 no archive", whole[: len(whole) // 2], _lying_archive()):
        path.write_bytes(content)
        with pytest.raises(InputError, match=r"mine\.npz"):
            datasets.load(path)


def _lying_archive() -> bytes:
    header = np.lib.format.magic(1, 0)
    fields = b"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999, 9), }"
    fields = fields.ljust(117) + b"\n"
    payload = header + len(fields).to_bytes(2, "little") + fields
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("X.npy", payload)
        archive.writestr("y.npy", payload)
    return buffer.getvalue()
