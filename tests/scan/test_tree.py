"""Walking a tree with everything that can be in one."""

import os

import pytest

from redqubit.core.errors import InputError
from redqubit.scan.finding import Skipped
from redqubit.scan.supply.links import link
from redqubit.scan.tree import Patterns, walk


def _found(paths, root, *patterns):
    return list(walk(paths, root, Patterns(patterns), lambda _, regular: regular, link))


def _walk(path, *patterns):
    found = _found([path], path, *patterns)
    files = [item.relative_to(path).as_posix() for item in found if not isinstance(item, Skipped)]
    return files, {item.file: item.reason for item in found if isinstance(item, Skipped)}


def test_files_once_in_order(tmp_path):
    """Every regular file comes once, in order; caches and environments are left out."""
    for name in ("b", "a/c", "__pycache__/x", ".git/x", "venv/pyvenv.cfg", "venv/x"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    os.mkfifo(tmp_path / "pipe")
    assert _walk(tmp_path) == (["b", "a/c"], {})
    assert _found([tmp_path / "b", tmp_path / "b"], tmp_path) == [tmp_path / "b"]


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
    assert _walk(tmp_path, "data/") == ([], {})


def test_missing(tmp_path):
    """A path that does not exist is the user's error."""
    with pytest.raises(InputError, match="does not exist"):
        _walk(tmp_path / "nothing")
