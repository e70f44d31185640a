"""Trained models as files: arrays with a JSON header in safetensors format, never pickle.

A file holds numbers and text only. Reading it checks its size first, then a SHA-256 digest over
everything in it, then a strict schema; circuits come as gate lists of bounded size. The digest
tells damage, not forgery: anyone can write a valid file, but no file can run code.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as to_bytes

from redqubit.core import record
from redqubit.core.errors import InputError, RedqubitError
from redqubit.models.model import FloatArray
from redqubit.models.stored import Stored, build, describe
from redqubit.scan.supply.manifest import verify_file

MAX_BYTES = 256 << 20
MAX_TEXT = 32 << 20


def save(model: Stored, path: str | Path) -> None:
    """Write a trained model to ``path``, whole or not at all.

    Callbacks and the place of computation are not stored.

    Raises
    ------
    InputError
        Not a trained model of redqubit, or the file cannot be written.
    """
    path = Path(path)
    header, arrays = describe(model)
    text = record.canonical(header)
    content = to_bytes(
        {name: np.ascontiguousarray(array) for name, array in arrays.items()},
        metadata={"redqubit": f"{_digest(text, arrays)}\n{text}"},
    )
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from None


def load(
    path: str | Path, *, manifest: str | Path | None = None, key: str | Path | None = None
) -> Stored:
    """Read a model that `save` wrote, after checking it against a manifest if one is named.

    Parameters
    ----------
    path
        The model file.
    manifest, key
        A manifest that lists the file (``redqubit manifest create``) and the public key that must
        have signed it.

    Raises
    ------
    InputError
        The file cannot be read, is too large, damaged, of another schema version, or holds
        anything that is not exactly such a model; it is not the file that the manifest lists, or
        the key did not sign the manifest.
    """
    path = Path(path)
    if manifest is not None:
        verify_file(path, Path(manifest), None if key is None else Path(key))
    elif key is not None:
        raise InputError("a key needs a manifest that it signed; name both")
    text, digest, arrays = _read(path)
    if digest != _digest(text, arrays):
        raise InputError(f"{path} is damaged: its contents do not match its SHA-256 digest")
    try:
        header = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise InputError(f"{path} has a header that is not JSON") from None
    try:
        return build(header, arrays)
    except RedqubitError as error:
        raise InputError(f"{path} is not a valid model: {error}") from None


def _read(path: Path) -> tuple[str, str, dict[str, FloatArray]]:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(
                f"{path} has {size} bytes; model files of at most {MAX_BYTES} are read"
            )
        with path.open("rb") as raw:  # the header's length comes first; check before parsing
            declared = int.from_bytes(raw.read(8), "little")
        if size < 8 or declared > min(size - 8, MAX_TEXT):
            raise InputError(f"{path} is not a model file: no safetensors header")
        with safe_open(path, framework="np") as file:
            metadata = file.metadata() or {}
            if "redqubit" not in metadata:
                raise InputError(f"{path} is a safetensors file, but not a model of redqubit")
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from None
    except (SafetensorError, ValueError, TypeError, KeyError, AttributeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path} is not a model file: {error}") from None
    for name, array in arrays.items():
        if array.dtype != np.float64:
            raise InputError(f"{path}: array {name!r} must be float64, got {array.dtype}")
    digest, _, text = metadata["redqubit"].partition("\n")
    return text, digest, arrays


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _digest(text: str, arrays: dict[str, FloatArray]) -> str:
    digest = hashlib.sha256(f"{len(text)}:{text}".encode())
    for name in sorted(arrays):
        shape = arrays[name].shape
        digest.update(f"{name!r}:{shape}:".encode())
        digest.update(np.ascontiguousarray(arrays[name], dtype="<f8").tobytes())
    return digest.hexdigest()
