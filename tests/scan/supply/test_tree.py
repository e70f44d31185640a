"""Walking a tree with everything that can be in one."""

import os

import pytest

from redqubit.core.errors import InputError
from redqubit.scan.finding import Skipped
from redqubit.scan.supply.tree import walk


def _walk(path, ignored=lambda *_: False):
    found = list(walk([path], path, ignored))
    files = [item.relative_to(path).as_posix() for item in found if not isinstance(item, Skipped)]
    return files, {item.file: item.reason for item in found if isinstance(item, Skipped)}


def test_files_once_in_order(tmp_path):
    """Every regular file comes once, in order; caches and environments are left out."""
    for name in ("b", "a/c", "__pycache__/x", ".git/x", "venv/pyvenv.cfg", "venv/x"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    os.mkfifo(tmp_path / "pipe")
    assert _walk(tmp_path) == (["b", "a/c"], {})
    assert list(walk([tmp_path / "b", tmp_path / "b"], tmp_path, lambda *_: False)) == [
        tmp_path / "b"
    ]


def test_links(tmp_path):
    """Loops and links of models out of the tree are named; links inside are silent."""
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "m.pt").touch()
    (tmp_path / "again").symlink_to(tmp_path / "inside")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "out.pt").symlink_to("/etc/hostname")
    (tmp_path / "gone.pt").symlink_to("nowhere")
    files, skipped = _walk(tmp_path)
    assert files == ["inside/m.pt"]
    assert set(skipped) == {"loop", "out.pt", "gone.pt"}


def test_ignored(tmp_path):
    """What the patterns ignore is not entered."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x").touch()
    assert _walk(tmp_path, lambda file, folder: folder and file == "data") == ([], {})


def test_missing(tmp_path):
    """A path that does not exist is the user's error."""
    with pytest.raises(InputError, match="does not exist"):
        _walk(tmp_path / "nothing")
