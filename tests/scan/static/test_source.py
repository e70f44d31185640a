"""Reading files: everything bad is named, nothing is followed out of the tree."""

import os
from pathlib import Path

import pytest

from redqubit.core.errors import InputError
from redqubit.scan import Skipped
from redqubit.scan.static.source import BYTES, Source, walk


def read(folder: Path, *paths: Path, **options) -> tuple[dict[str, Source], dict[str, str]]:
    """Return what was read by name and why the rest was skipped."""
    found = list(walk(paths or (folder,), root=folder, **options))
    sources = {item.file: item for item in found if isinstance(item, Source)}
    return sources, {item.file: item.reason for item in found if isinstance(item, Skipped)}


def test_files_are_read_once_in_order_with_their_kind(tmp_path):
    """Python, notebooks, settings and version files are told apart; caches are left out."""
    for name in (
        "b.py",
        "a.ipynb",
        "x/c.pyi",
        "requirements.txt",
        ".env",
        "m.png",
        "pyproject.toml",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x = 1\r\n")
    for name in ("__pycache__", "node_modules", ".git", "site-packages", "env"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "z.py").write_text("")
    (tmp_path / "env" / "pyvenv.cfg").write_text("")
    sources, skipped = read(tmp_path, tmp_path, tmp_path / "b.py")
    assert not skipped
    assert {file: item.kind for file, item in sources.items()} == {
        ".env": "text",
        "a.ipynb": "notebook",
        "b.py": "python",
        "pyproject.toml": "versions",
        "requirements.txt": "versions",
        "x/c.pyi": "python",
    }
    assert sources["b.py"].text == "x = 1\n"


def test_bad_files_are_named(tmp_path):
    """Binary, huge and non-UTF-8 files and things that are not files are skipped with a reason."""
    (tmp_path / "binary.py").write_bytes(b"x\0y")
    (tmp_path / "latin.py").write_bytes(b"# caf\xe9\n")
    with (tmp_path / "huge.py").open("wb") as file:
        file.truncate(BYTES + 1)
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "good.py").write_bytes(b"\xef\xbb\xbfx = 1")
    sources, skipped = read(tmp_path)
    assert list(sources) == ["good.py"]
    assert sources["good.py"].text == "x = 1"
    assert set(skipped) == {"binary.py", "latin.py", "huge.py", "pipe.py"}
    assert "UTF-8" in skipped["latin.py"]
    assert "4 MiB" in skipped["huge.py"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_files_without_permission_are_named(tmp_path):
    """What may not be read is skipped."""
    (tmp_path / "a.py").write_text("")
    (tmp_path / "a.py").chmod(0)
    (tmp_path / "b").mkdir(mode=0)
    _, skipped = read(tmp_path)
    assert set(skipped) == {"a.py", "b"}


def test_links_never_lead_out_or_around(tmp_path):
    """Loops, broken links and links out of the tree are named; inner ones are silent."""
    tree = tmp_path / "tree"
    (tree / "a").mkdir(parents=True)
    (tree / "a" / "m.py").write_text("")
    (tmp_path / "secret.py").write_text("")
    (tree / "a" / "up").symlink_to(tree)
    (tree / "self.py").symlink_to(tree / "self.py")
    (tree / "gone.py").symlink_to(tree / "nothing.py")
    (tree / "out.py").symlink_to(tmp_path / "secret.py")
    (tree / "inner.py").symlink_to(tree / "a" / "m.py")
    sources, skipped = read(tree)
    assert list(sources) == ["a/m.py"]
    assert set(skipped) == {"a/up", "self.py", "gone.py", "out.py"}
    assert "loop" in skipped["a/up"]
    assert "out of" in skipped["out.py"]


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("*.py", set()),
        ("/a.py", {"x/a.py", "x/y/b.py"}),
        ("a.py", {"x/y/b.py"}),
        ("x/", {"a.py"}),
        ("x/y", {"a.py", "x/a.py"}),
        ("**/y/*.py", {"a.py", "x/a.py"}),
        ("y?.py", {"a.py", "x/a.py", "x/y/b.py"}),
        ("# comment", {"a.py", "x/a.py", "x/y/b.py"}),
    ],
)
def test_patterns_work_as_in_gitignore(pattern, left, tmp_path):
    """Stars, anchors and folder patterns mean what they mean there."""
    for name in ("a.py", "x/a.py", "x/y/b.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    sources, _ = read(tmp_path, exclude=[pattern])
    assert set(sources) == left


def test_a_later_pattern_takes_back(tmp_path):
    """The last pattern that matches decides."""
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("")
    sources, _ = read(tmp_path, exclude=["*.py", "!b.py"])
    assert set(sources) == {"b.py"}


def test_a_path_that_does_not_exist_is_an_error(tmp_path):
    """A typing error is not an empty scan."""
    with pytest.raises(InputError, match="does not exist"):
        read(tmp_path, tmp_path / "nothing")
