"""The whole site: every page rendered, and written to a folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from redqubit.core.errors import InputError
from redqubit.killchain.model import KillChain
from redqubit.serve.page import HERE, Page, Site
from redqubit.serve.pages import ALL
from redqubit.serve.runs import Run

STAMP: Final = ".redqubit-explorer"  # marks a folder that an export may replace


def entries(site: Site) -> Iterator[Page]:
    """Yield every page of a site, not yet rendered, in the order of the bar."""
    for module in ALL:
        yield from module.pages(site)


def pages(chain: KillChain, runs: tuple[Run, ...] = ()) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of every page; links are relative, so any folder will do."""
    for page in entries(Site(chain, runs)):
        yield page.path, page.render()


@cache
def assets() -> Mapping[str, bytes]:
    """Return style sheet, scripts and icon, by path from the root of the site."""
    folder = HERE / "static"
    return {f"static/{path.name}": path.read_bytes() for path in sorted(folder.iterdir())}


def export(chain: KillChain, folder: Path, runs: tuple[Run, ...] = ()) -> int:
    """Write the site into a folder and return how many pages it has.

    The site is written beside the folder and then takes its place, so that a failure leaves what
    was there.

    Raises
    ------
    InputError
        The folder holds something that is not an earlier export, or cannot be written.
    """
    folder = folder.absolute()
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; name a folder for the site")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / STAMP).is_file():
        raise InputError(
            f"{folder} is not empty and holds no earlier export; choose an empty folder"
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            count = _write(chain, runs, draft)
            _replace(draft, folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise InputError(f"cannot write the site to {folder}: {error.strerror}") from error
    return count


def _write(chain: KillChain, runs: tuple[Run, ...], folder: Path) -> int:
    folder.chmod(0o755)
    made = {folder}
    count = 0
    for path, content in (*((p, t.encode()) for p, t in pages(chain, runs)), *assets().items()):
        target = folder / path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        target.write_bytes(content)
        count += path.endswith(".html")
    (folder / STAMP).write_text(f"{chain.edition.name} {chain.edition.content}\n", encoding="utf-8")
    return count


def _replace(draft: Path, folder: Path) -> None:
    if not folder.exists():
        os.rename(draft, folder)
        return
    old = draft.with_name(f"{draft.name}.old")
    os.rename(folder, old)
    try:
        os.rename(draft, folder)
    except OSError:
        os.rename(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
