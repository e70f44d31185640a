"""Find and read what can be scanned; whatever cannot be read is named and never followed."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from redqubit.scan import tree
from redqubit.scan.finding import Skipped

Kind = Literal["python", "notebook", "text", "versions"]
BYTES: Final = 4 * 2**20
PYTHON: Final = (".py", ".pyi", ".pyw")
TEXT: Final = (".env", ".ini", ".cfg", ".toml", ".yaml", ".yml", ".json", ".sh", ".qiskitrc")
_VERSIONS: Final = re.compile(
    r"(?:.*requirements.*\.(?:txt|in)|constraints.*\.txt|pyproject\.toml|uv\.lock|poetry\.lock"
    r"|Pipfile\.lock|setup\.cfg|environment.*\.ya?ml|conda.*\.ya?ml)",
    re.IGNORECASE,
)
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: ``file`` is relative to the scan's root, with forward slashes."""

    path: Path
    file: str
    kind: Kind
    text: str
    digest: str


def walk(
    paths: Sequence[Path], *, root: Path, exclude: Sequence[str] = ()
) -> Iterator[Source | Skipped]:
    """Read every file to scan below ``paths``, in sorted order, each once.

    Parameters
    ----------
    paths
        Files and folders; a file that is named is read whatever its suffix.
    root
        Files are named relative to it.
    exclude
        Patterns as in ``.gitignore``: ``*`` within and ``**`` across folders, a leading slash ties
        to the root, a trailing one means folders, ``!`` takes back.

    Raises
    ------
    InputError
        A path does not exist.
    """
    for item in tree.walk(paths, root, tree.Patterns(exclude), _wanted, _link):
        if isinstance(item, Skipped):
            yield item
            continue
        found = kind(item) or ("python" if item in paths else None)
        if found is not None:
            yield read(item, tree.relative(item, root), found)


def _wanted(path: Path, _regular: bool) -> bool:
    return kind(path) is not None


def _link(path: Path, shown: str, top: str, is_folder: bool) -> Skipped | None:
    """Links inside the tree are silent, since their target is scanned itself."""
    if not is_folder and kind(path) is None:
        return None
    try:
        target = os.path.realpath(path, strict=True)
    except OSError as error:
        loop = "Symbolic link loop" if "symbolic" in str(error.strerror).lower() else "broken link"
        return Skipped(shown, loop.lower())
    if target == top or os.path.realpath(path.parent).startswith(target + os.sep):
        return Skipped(shown, "symbolic link loop")
    if (target + os.sep).startswith(top + os.sep):
        return None
    return Skipped(shown, "a link that leads out of the scanned tree is not followed")


def kind(path: Path) -> Kind | None:
    """Return what a file is by its name, or None if the scan has no use for it."""
    name = path.name
    if name.endswith(PYTHON):
        return "python"
    if name.endswith(".ipynb"):
        return "notebook"
    if _VERSIONS.fullmatch(name):
        return "versions"
    if name.endswith(TEXT) or name.startswith(".env"):
        return "text"
    return None


def read(path: Path, file: str, kind: Kind) -> Source | Skipped:
    """Read a file as text, shown as ``file``; what cannot be read is told with the reason."""
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            return Skipped(file, "not a regular file")
        if state.st_size > BYTES:
            return Skipped(file, f"over {BYTES // 2**20} MiB ({state.st_size:,} bytes)")
        data = path.read_bytes()
    except OSError as error:
        return Skipped(file, f"cannot be read: {error.strerror}")
    if kind == "versions" and data[:2] in _UTF_16:
        data = data.decode("utf-16", "replace").encode()  # as some shells redirect text
    if b"\0" in data:
        return Skipped(file, "binary: it holds a zero byte")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Skipped(file, f"not UTF-8 text (byte {error.start})")
    digest = hashlib.blake2b(data, digest_size=16).hexdigest()
    return Source(path, file, kind, text.replace("\r\n", "\n").replace("\r", "\n"), digest)
