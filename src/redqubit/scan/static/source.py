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

from redqubit.core.errors import InputError
from redqubit.scan.finding import Skipped

Kind = Literal["python", "notebook", "text", "versions"]
BYTES: Final = 4 * 2**20
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
PYTHON: Final = (".py", ".pyi", ".pyw")
TEXT: Final = (".env", ".ini", ".cfg", ".toml", ".yaml", ".yml", ".json", ".sh", ".qiskitrc")
_VERSIONS: Final = re.compile(
    r"(?:.*requirements.*\.(?:txt|in)|constraints.*\.txt|pyproject\.toml|uv\.lock|poetry\.lock"
    r"|Pipfile\.lock|setup\.cfg|environment.*\.ya?ml|conda.*\.ya?ml)",
    re.IGNORECASE,
)
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_WILD: Final = {"*": "[^/]*", "?": "[^/]"}


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
    ignored = _Patterns(exclude)
    seen: set[Path] = set()
    for path in paths:
        if not path.exists() and not path.is_symlink():
            raise InputError(f"{path} does not exist; name a file or a folder to scan")
        found = _files(path, root, ignored) if path.is_dir() else iter((path,))
        for item in found:
            if isinstance(item, Skipped):
                yield item
                continue
            if item in seen:
                continue
            seen.add(item)
            kind = _kind(item) or ("python" if item == path else None)
            if kind is not None:
                yield _read(item, relative(item, root), kind)


def relative(path: Path, root: Path) -> str:
    """Return the path as seen from ``root``, or whole if it lies elsewhere."""
    whole, base = os.path.abspath(path), os.path.abspath(root)
    shown = os.path.relpath(whole, base)
    return Path(whole if shown.startswith("..") else shown).as_posix()


def _files(folder: Path, root: Path, ignored: _Patterns) -> Iterator[Path | Skipped]:
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
                link, is_folder = entry.is_symlink(), entry.is_dir()
            except OSError as error:
                yield Skipped(shown, f"cannot be read: {error.strerror}")
                continue
            if ignored(shown, folder=is_folder):
                continue
            if link:
                told = _link(path, shown, top, is_folder)
                if told is not None:
                    yield told
            elif is_folder:
                if entry.name not in FOLDERS and not (path / "pyvenv.cfg").exists():
                    folders.append(path)
            elif _kind(path):
                yield path
        pending += reversed(folders)


def _link(path: Path, shown: str, top: str, is_folder: bool) -> Skipped | None:
    """Links inside the tree are silent, since their target is scanned itself."""
    if not is_folder and _kind(path) is None:
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


def _kind(path: Path) -> Kind | None:
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


def _read(path: Path, file: str, kind: Kind) -> Source | Skipped:
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


class _Patterns:
    """Patterns as in ``.gitignore``; the last one that matches decides."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._known = [made for made in map(_pattern, patterns) if made is not None]

    def __call__(self, file: str, *, folder: bool) -> bool:
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
