"""Files differ from the manifest that lists their digests, or its signature does not hold.

## What

Folders with a `redqubit.manifest.json`: files whose SHA-256 digest or size changed, files that are
gone, model files that are not listed, and, where a trusted key is given, a signature that is
missing or wrong.

## Why bad

The manifest is what tells the model that was trained from one that was put in its place; a
difference means that a file was exchanged or that the list is no longer kept.

## Example

`model.safetensors` was replaced after the manifest was signed; the service loads it at its next
start.

## Instead

Create the manifest where the model is trained, sign it, verify it with the trusted public key
before loading, and create it anew on purpose when files change.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from redqubit.core.errors import InputError
from redqubit.scan.finding import Severity
from redqubit.scan.supply import manifest
from redqubit.scan.supply.hit import Hit, Report, Unread

ID: Final = "MOD-05"
NAME: Final = "Files differ from their manifest"
SEVERITY: Final[Severity] = "high"
CWE: Final = (345, 353, 494)
FRAMEWORKS: Final = ("*",)
ADVICE: Final = "find out who changed it; if it was you, create and sign the manifest again"
MODELS: Final = [
    ".pt",
    ".pth",
    ".ckpt",
    ".pkl",
    ".pickle",
    ".joblib",
    ".npz",
    ".npy",
    ".onnx",
    ".h5",
    ".keras",
    ".safetensors",
    ".qpy",
    ".bin",
]
_TEXT: Final = {
    "changed": "was changed after the manifest was made",
    "missing": "is listed in the manifest but not there",
    "unlisted": "is a model file the manifest does not list",
}
_LEVEL: Final[dict[str, Severity]] = {"changed": "high", "missing": "medium", "unlisted": "medium"}


def check(path: Path, public: Path | None) -> Iterator[Report]:
    """Verify one manifest against the files beside it."""
    try:
        found = manifest.verify(path, unlisted=MODELS)
    except InputError as error:
        yield Unread(str(error))
        return
    for name, change in found.changes.items():
        text = f"{name} {_TEXT[change]}"
        yield Hit(ID, _LEVEL[change], text, key=f"{change} {name}")
    if public is not None:
        try:
            manifest.trust(manifest.read(path), public, path.name)
        except InputError as error:
            yield Hit(ID, SEVERITY, str(error), key="signature")
