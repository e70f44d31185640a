"""Walk files and folders in sorted order; links are told, not followed."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from redqubit.core.errors import InputError
from redqubit.scan.finding import Skipped

FOLDERS: Final = frozenset(
    [
        "__pycache__",
        "node_modules",
        ".git",
        ".hg",
        ".svn",
        ".tox",
        ".nox",
        ".venv",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".hypothesis",
        ".ipynb_checkpoints",
        ".eggs",
        ".cache",
        ".redqubit_cache",
        "site-packages",
        "__pypackages__",
    ]
)
_WILD: Final = {"*": "[^/]*", "?": "[^/]"}

Wanted = Callable[[Path, bool], bool]
"""Whether a file is of interest; the second argument says that it is a regular one."""
Link = Callable[[Path, str, str, bool], Skipped | None]
"""What to tell of a link: its path, the path shown, the real top folder, whether to a folder."""


def walk(
    paths: Sequence[Path], root: Path, ignored: Patterns, wanted: Wanted, link: Link
) -> Iterator[Path | Skipped]:
    """Yield every file once, in sorted order; links inside folders are not followed.

    Parameters
    ----------
    paths
        Files and folders; a file that is named is yielded whatever ``wanted`` says.
    root
        Folder that patterns and skipped files are told relative to.

    Raises
    ------
    InputError
        A path does not exist.
    """
    seen: set[Path] = set()
    for path in paths:
        if not path.exists() and not path.is_symlink():
            raise InputError(f"{path} does not exist; name a file or a folder to scan")
        found = _folder(path, root, ignored, wanted, link) if path.is_dir() else iter((path,))
        for item in found:
            if isinstance(item, Skipped):
                yield item
            elif item not in seen:
                seen.add(item)
                yield item


def _folder(
    folder: Path, root: Path, ignored: Patterns, wanted: Wanted, link: Link
) -> Iterator[Path | Skipped]:
    top = os.path.realpath(folder)
    pending = [folder]
    while pending:
        here = pending.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError as error:
            yield Skipped(relative(here, root), f"cannot be listed: {error.strerror}")
            continue
        folders = []
        for entry in entries:
            path = here / entry.name
            shown = relative(path, root)
            try:
                is_link, is_folder = entry.is_symlink(), entry.is_dir()
                mode = entry.stat(follow_symlinks=False).st_mode
            except OSError as error:
                yield Skipped(shown, f"cannot be read: {error.strerror}")
                continue
            if ignored(shown, folder=is_folder):
                continue
            if is_link:
                told = link(path, shown, top, is_folder)
                if told is not None:
                    yield told
            elif is_folder:
                if entry.name not in FOLDERS and not (path / "pyvenv.cfg").exists():
                    folders.append(path)
            elif wanted(path, stat.S_ISREG(mode)):
                yield path
        pending += reversed(folders)


def relative(path: Path, root: Path) -> str:
    """Return the path as seen from ``root``, or whole if it lies elsewhere."""
    whole, base = os.path.abspath(path), os.path.abspath(root)
    shown = os.path.relpath(whole, base)
    return Path(whole if shown.startswith("..") else shown).as_posix()


class Patterns:
    """Patterns as in ``.gitignore``; the last one that matches decides.

    ``*`` matches within and ``**`` across folders, a leading slash ties to the root, a trailing one
    means folders, ``!`` takes back.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._known = [made for made in map(_pattern, patterns) if made is not None]

    def __call__(self, file: str, *, folder: bool) -> bool:
        """Say whether a relative path with forward slashes is left out."""
        out = False
        for expression, keep, only_folders in self._known:
            if (folder or not only_folders) and expression.match(file):
                out = not keep
        return out


def _pattern(text: str) -> tuple[re.Pattern[str], bool, bool] | None:
    text = text.strip()
    if not text or text.startswith("#"):
        return None
    keep, text = text.startswith("!"), text.removeprefix("!")
    only_folders, text = text.endswith("/"), text.rstrip("/")
    tied = "/" in text
    pieces = []
    for piece in text.lstrip("/").split("/"):
        if piece == "**":
            pieces.append("(?:[^/]+/)*")
        else:
            pieces.append("".join(_WILD.get(letter, re.escape(letter)) for letter in piece) + "/")
    body = "".join(pieces).removesuffix("/")
    start = "" if tied else "(?:.*/)?"
    return re.compile(f"(?s:{start}{body})\\Z"), keep, only_folders
