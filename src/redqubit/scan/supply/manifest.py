"""A signed list of files with their digests, and its check before a file is loaded."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final, Literal

from redqubit.core import record
from redqubit.core.errors import InputError, missing_extra
from redqubit.killchain import document

SCHEMA: Final = "redqubit.manifest/1"
NAME: Final = "redqubit.manifest.json"
FILES: Final = 100_000
_STEP: Final = 2**20
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_PRIVATE: Final = "redqubit-ed25519-private "
_PUBLIC: Final = "redqubit-ed25519-public "

Change = Literal["changed", "missing", "unlisted"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one file."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """Digests by path (relative to the manifest's folder, forward slashes), and the signature.

    ``key`` and ``signature`` are base64 and empty if nobody signed; the key that stands inside
    proves nothing by itself and only counts when it is the one the user trusts.
    """

    files: dict[str, Entry]
    key: str = ""
    signature: str = ""

    @property
    def signed_text(self) -> bytes:
        """Return the bytes the signature covers."""
        return record.canonical({"schema": SCHEMA, "files": self.files}).encode()

    def text(self) -> str:
        """Return the manifest as JSON."""
        data: dict[str, Any] = {"schema": SCHEMA, "files": record.to_json(self.files)}
        if self.signature:
            data["signature"] = {
                "algorithm": "ed25519",
                "key": self.key,
                "value": self.signature,
            }
        return json.dumps(data, indent=2, sort_keys=True) + "\n"


@dataclass(frozen=True, slots=True)
class Check:
    """What `verify` found: differences by path, and whether a trusted key signed the list."""

    changes: dict[str, Change]
    signed: bool


def keygen(private: Path, public: Path) -> None:
    """Write a new ed25519 key pair; the private file is readable by its owner alone.

    Raises
    ------
    InputError
        A file exists or cannot be written.
    MissingExtraError
        The package ``cryptography`` is not installed (extra ``sign``).
    """
    signer = _signing().Ed25519PrivateKey.generate()
    secret = base64.b64encode(signer.private_bytes_raw()).decode()
    open_key = base64.b64encode(signer.public_key().public_bytes_raw()).decode()
    _new(private, f"{_PRIVATE}{secret}\n", 0o600)
    try:
        _new(public, f"{_PUBLIC}{open_key}\n", 0o644)
    except InputError:
        private.unlink(missing_ok=True)
        raise


def create(paths: Sequence[Path], root: Path, private: Path | None = None) -> Manifest:
    """Digest files and sign the list.

    Parameters
    ----------
    paths
        Files, and folders whose regular files are taken; links are not followed.
    root
        The folder the paths are stored relative to.
    private
        A key file of `keygen`; without one the list is not signed.

    Raises
    ------
    InputError
        A path is missing or outside ``root``, or the key file is not one.
    MissingExtraError
        Signing needs the extra ``sign``.
    """
    files: dict[str, Entry] = {}
    for path in sorted(_regular(paths)):
        try:
            name = path.resolve().relative_to(root.resolve()).as_posix()
        except ValueError:
            raise InputError(
                f"{path} lies outside {root}; give the folder that holds both"
            ) from None
        if PurePosixPath(name).name != NAME:
            files[name] = digest(path)
    if not files:
        raise InputError("there is no file to list; name model files or a folder")
    made = Manifest(files)
    if private is None:
        return made
    signer = _signing().Ed25519PrivateKey.from_private_bytes(_key(private, _PRIVATE))
    public = base64.b64encode(signer.public_key().public_bytes_raw()).decode()
    return Manifest(files, public, base64.b64encode(signer.sign(made.signed_text)).decode())


def write(made: Manifest, path: Path) -> None:
    """Write a manifest, whole or not at all."""
    try:
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(made.text())
        Path(part).replace(path)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from None


def read(path: Path) -> Manifest:
    """Read a manifest; its signature is not checked yet.

    Raises
    ------
    InputError
        Not a manifest of this schema.
    """
    data = document.read(path).data
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise InputError(f"{path} is not a manifest of schema {SCHEMA}")
    listed, signature = data.get("files"), data.get("signature", {})
    if not isinstance(listed, dict) or not isinstance(signature, dict) or len(listed) > FILES:
        raise InputError(
            f"{path}: files and signature must be mappings, of at most {FILES:,} files"
        )
    files = {}
    for name, entry in listed.items():
        parts = PurePosixPath(name).parts
        if name.startswith(("/", "\\")) or ".." in parts or ":" in name or "\\" in name:
            raise InputError(f"{path}: {name!r:.80} leads out of the manifest's folder")
        made = record.from_json(Entry, entry, f"files[{name!r:.80}]")
        if not _DIGEST.fullmatch(made.sha256) or made.size < 0:
            raise InputError(f"{path}: {name!r:.80} has no SHA-256 digest or size")
        files[name] = made
    if signature and signature.get("algorithm") != "ed25519":
        raise InputError(f"{path}: only ed25519 signatures are known")
    return Manifest(files, str(signature.get("key", "")), str(signature.get("value", "")))


def verify(path: Path, public: Path | None = None, *, unlisted: Iterable[str] = ()) -> Check:
    """Compare the files beside a manifest with it.

    Parameters
    ----------
    path
        The manifest.
    public
        The trusted key; with it a missing or wrong signature is an error.
    unlisted
        Suffixes such as ``.pt``: files with one of them that are not listed count as a difference.

    Raises
    ------
    InputError
        Not a manifest, or the trusted key did not sign it.
    MissingExtraError
        Checking a signature needs the extra ``sign``.
    """
    found = read(path)
    if public is not None:
        trust(found, public, str(path))
    changes: dict[str, Change] = {}
    for name, entry in found.files.items():
        file = path.parent / name
        if not file.is_file():
            changes[name] = "missing"
        elif file.stat().st_size != entry.size or digest(file) != entry:
            changes[name] = "changed"
    endings = tuple(unlisted)
    if endings:
        for file in _regular([path.parent]):
            name = file.relative_to(path.parent).as_posix()
            if name.endswith(endings) and name not in found.files:
                changes[name] = "unlisted"
    return Check(dict(sorted(changes.items())), public is not None)


def verify_file(file: Path, manifest: Path, public: Path | None = None) -> None:
    """Refuse one file unless a manifest lists exactly its bytes; for use before loading it.

    Raises
    ------
    InputError
        The file is not listed or differs, or the trusted key did not sign the manifest.
    MissingExtraError
        Checking a signature needs the extra ``sign``.
    """
    found = read(manifest)
    if public is not None:
        trust(found, public, str(manifest))
    try:
        name = file.resolve().relative_to(manifest.parent.resolve()).as_posix()
    except ValueError:
        raise InputError(f"{file} lies outside the folder of {manifest}") from None
    entry = found.files.get(name)
    if entry is None:
        raise InputError(f"{file} is not listed in {manifest}; it is not loaded")
    if digest(file) != entry:
        raise InputError(f"{file} differs from what {manifest} lists; it is not loaded")


def trust(found: Manifest, public: Path, where: str) -> None:
    """Check that the holder of a trusted key signed a manifest.

    Raises
    ------
    InputError
        Nobody signed, or another key, or the list was changed after.
    MissingExtraError
        The package ``cryptography`` is not installed (extra ``sign``).
    """
    key = _key(public, _PUBLIC)
    signing = _signing()
    if not found.signature:
        raise InputError(f"{where} is not signed; sign it with `redqubit manifest create --key`")
    from cryptography.exceptions import InvalidSignature

    try:
        value = base64.b64decode(found.signature, validate=True)
        signing.Ed25519PublicKey.from_public_bytes(key).verify(value, found.signed_text)
    except (InvalidSignature, binascii.Error, ValueError):
        raise InputError(
            f"{where} was not signed with the key {public}, or was changed after"
        ) from None


def digest(path: Path) -> Entry:
    """Return the SHA-256 digest and size of a file.

    Raises
    ------
    InputError
        It cannot be read.
    """
    made, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while part := file.read(_STEP):
                made.update(part)
                size += len(part)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from None
    return Entry(made.hexdigest(), size)


def _regular(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            yield from (
                Path(folder) / name
                for folder, _, names in os.walk(path)
                for name in names
                if not (Path(folder) / name).is_symlink() and (Path(folder) / name).is_file()
            )
        elif path.is_file():
            yield path
        else:
            raise InputError(f"{path} is not a file or a folder")


def _key(path: Path, mark: str) -> bytes:
    text = document.text(path).strip()
    try:
        raw = base64.b64decode(text.removeprefix(mark.strip()).strip(), validate=True)
    except binascii.Error:
        raw = b""
    if not text.startswith(mark.strip()) or len(raw) != 32:
        raise InputError(
            f"{path} is not a {mark.strip()} file; make a pair with `redqubit manifest keygen`"
        )
    return raw


def _new(path: Path, text: str, mode: int) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise InputError(f"cannot write the key {path}: {error.strerror or error}") from None


def _signing() -> Any:
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise missing_extra("cryptography", "sign", "a signed manifest") from None
    return ed25519
