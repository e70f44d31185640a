"""The user's own samples: CSV with a header, or npz with arrays X and y."""

from __future__ import annotations

import csv
import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from redqubit.core.errors import InputError, unknown
from redqubit.models.arrays import labels, samples
from redqubit.models.model import FloatArray

MAX_BYTES = 1 << 30
LABEL_COLUMNS = ("label", "target", "class", "y")


def read_table(path: Path, label: str | None = None) -> tuple[FloatArray, NDArray[Any]]:
    """Read samples ``(N, F)`` and labels ``(N,)`` from a .csv or .npz file.

    Parameters
    ----------
    path
        CSV in UTF-8 whose first line names the columns, or npz with arrays ``X`` and ``y``.
    label
        The CSV column that holds the labels; by default the one called label, target, class or y,
        otherwise the last.

    Raises
    ------
    InputError
        Unreadable, too large or malformed; names the file and, in CSV, the line and the column.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from None
    if size > MAX_BYTES:
        raise InputError(f"{path} has {size} bytes; at most {MAX_BYTES} are read")
    if path.suffix.lower() == ".npz":
        return _read_npz(path)
    return _read_csv(path, label)


def _read_npz(path: Path) -> tuple[FloatArray, NDArray[Any]]:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MAX_BYTES:
            raise InputError(f"{path} unpacks to {unpacked} bytes; at most {MAX_BYTES} are read")
        with np.load(path, allow_pickle=False) as archive:
            for key in ("X", "y"):
                if key not in archive.files:
                    raise InputError(
                        f"{path} must contain the arrays 'X' and 'y', found {archive.files}"
                    )
                _check_declared_size(archive.zip, f"{key}.npy", path)
            X, y = archive["X"], archive["y"]
    except (OSError, ValueError, zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path} is not a readable npz file of plain arrays: {error}") from None
    X = samples(X, f"X in {path}")
    return X, labels(y, len(X), f"y in {path}")


def _check_declared_size(archive: zipfile.ZipFile, entry: str, path: Path) -> None:
    """Refuse an array whose header declares more bytes than follow: they would be allocated."""
    with archive.open(entry) as file:
        version = np.lib.format.read_magic(file)
        if version not in ((1, 0), (2, 0)):
            raise InputError(f"{path}: array {entry} has the unknown format version {version}")
        read = getattr(np.lib.format, f"read_array_header_{version[0]}_0")
        shape, _, dtype = read(file)
    declared = math.prod(shape) * dtype.itemsize
    if declared > archive.getinfo(entry).file_size:
        raise InputError(f"{path}: array {entry} declares {declared} bytes, more than it has")


def _read_csv(path: Path, label: str | None) -> tuple[FloatArray, NDArray[Any]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file, strict=True)
            header = [name.strip() for name in next(reader, [])]
            column = _label_column(path, header, label)
            rows, texts = [], []
            for fields in reader:
                if fields:
                    values, text = _row(path, reader.line_num, header, fields, column)
                    rows.append(values)
                    texts.append(text)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"cannot read {path} as CSV in UTF-8: {error}") from None
    if not rows:
        raise InputError(f"{path} has a header but no samples")
    return np.array(rows), _labels(texts)


def _label_column(path: Path, header: list[str], label: str | None) -> int:
    if len(header) < 2:
        raise InputError(
            f"{path} must begin with a line that names at least two columns, got {header}"
        )
    if all(_number(name) is not None for name in header):
        raise InputError(f"{path} must begin with a line of column names, got numbers: {header}")
    if label is not None:
        if label not in header:
            raise unknown(f"label column in {path}", label, header)
        return header.index(label)
    lower = [name.lower() for name in header]
    return next((lower.index(name) for name in LABEL_COLUMNS if name in lower), len(header) - 1)


def _row(
    path: Path, line: int, header: list[str], fields: list[str], column: int
) -> tuple[list[float], str]:
    if len(fields) != len(header):
        raise InputError(
            f"{path}, line {line}: expected {len(header)} fields as in the header, got "
            f"{len(fields)}"
        )
    values = []
    for i, field in enumerate(fields):
        if i == column:
            continue
        number = _number(field)
        if number is None or not np.isfinite(number):
            raise InputError(
                f"{path}, line {line}, column {header[i]!r}: expected a finite number, got "
                f"{field!r:.40}"
            )
        values.append(number)
    text = fields[column].strip()
    if not text:
        raise InputError(f"{path}, line {line}, column {header[column]!r}: the label is empty")
    return values, text


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _labels(texts: list[str]) -> NDArray[Any]:
    """Return whole numbers if all labels are such, text otherwise."""
    try:
        return np.array([int(text) for text in texts])
    except (ValueError, OverflowError):
        return np.array(texts)
