"""Walk files and folders for the supply chain: every regular file, whatever it is called."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from redqubit.core.errors import InputError
from redqubit.scan.finding import Skipped
from redqubit.scan.static.source import FOLDERS, relative
from redqubit.scan.supply.rules.mod_05 import MODELS

Ignored = Callable[[str, bool], bool]


def walk(paths: Sequence[Path], root: Path, ignored: Ignored) -> Iterator[Path | Skipped]:
    """Yield every regular file once, in sorted order; links are not followed.

    Parameters
    ----------
    paths
        Files and folders.
    root
        Folder that ``ignored`` and skipped files are told relative to.
    ignored
        Whether a relative path (and whether it is a folder) is left out.

    Raises
    ------
    InputError
        A path does not exist.
    """
    seen: set[Path] = set()
    for path in paths:
        if not path.exists() and not path.is_symlink():
            raise InputError(f"{path} does not exist; name a file or a folder to scan")
        found = _folder(path, root, ignored) if path.is_dir() else iter((path,))
        for item in found:
            if isinstance(item, Skipped):
                yield item
            elif item not in seen:
                seen.add(item)
                yield item


def _folder(folder: Path, root: Path, ignored: Ignored) -> Iterator[Path | Skipped]:
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
                link, mode = entry.is_symlink(), entry.stat(follow_symlinks=False).st_mode
            except OSError as error:
                yield Skipped(shown, f"cannot be read: {error.strerror}")
                continue
            if ignored(shown, stat.S_ISDIR(mode)):
                continue
            if link:
                yield from _link(path, shown, top)
            elif stat.S_ISDIR(mode):
                if entry.name not in FOLDERS and not (path / "pyvenv.cfg").exists():
                    folders.append(path)
            elif stat.S_ISREG(mode):
                yield path
        pending += reversed(folders)


def _link(path: Path, shown: str, top: str) -> Iterator[Skipped]:
    """Name links to models that lead out of the tree; what is inside is scanned itself."""
    try:
        target = os.path.realpath(path, strict=True)
    except OSError as error:
        if path.suffix in MODELS or "symbolic" in str(error.strerror).lower():
            yield Skipped(shown, "a link that leads nowhere or to itself")
        return
    inside = (target + os.sep).startswith(top + os.sep)
    if not inside and path.suffix in MODELS:
        yield Skipped(shown, "a link that leads out of the scanned tree is not followed")
