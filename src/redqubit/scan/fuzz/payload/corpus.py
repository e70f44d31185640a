"""What a payload campaign keeps in a folder: inputs that showed something new, and findings."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final, get_args

from redqubit.scan.finding import Skipped
from redqubit.scan.fuzz.payload.targets import Kind
from redqubit.scan.fuzz.state import State

STATE: Final = "payloads.json"
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
LARGEST: Final = 1_000_000  # bytes of a stored input that is read back
MOST: Final = 2_000  # stored inputs of a kind that are read back


def name(rule: str, kind: Kind, payload: bytes) -> str:
    """Return where a finding's input lies, relative to the corpus."""
    return f"findings/{rule}-{digest(payload)}.{kind}"


def digest(payload: bytes) -> str:
    """Return the content address of an input."""
    return hashlib.sha256(payload).hexdigest()[:24]


class Corpus:
    """A folder with ``payloads.json``, ``inputs/<digest>.<kind>`` and ``findings/``.

    Inputs are only ever bytes for workers; nothing is executed or parsed here.
    """

    def __init__(self, folder: Path | None) -> None:
        self.state = None if folder is None else State(folder, STATE)
        self.folder = folder

    def start(self, seed: int) -> int:
        """Return the first case not yet run; 0 without a folder (see `State.start`)."""
        return 0 if self.state is None else self.state.start(seed)

    def save(self, seed: int, index: int) -> None:
        """Write where the campaign goes on, if there is a folder."""
        if self.state is not None:
            self.state.save(seed, index)

    def keep(self, kind: Kind, payload: bytes) -> None:
        """Store an input that showed something new."""
        self._write(f"inputs/{digest(payload)}.{kind}", payload)

    def report(self, rule: str, kind: Kind, payload: bytes) -> str:
        """Store the input of a finding and return its name in the folder."""
        stem = name(rule, kind, payload)
        self._write(stem, payload)
        return stem

    def _write(self, stem: str, payload: bytes) -> None:
        if self.folder is None:
            return
        path = self.folder / stem
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(payload)

    def stored(self, part: str) -> tuple[list[tuple[Kind, bytes]], list[Skipped]]:
        """Return the inputs of ``inputs`` or ``findings``, and the files that cannot be read."""
        good: list[tuple[Kind, bytes]] = []
        bad: list[Skipped] = []
        if self.folder is None:
            return good, bad
        counts = dict.fromkeys(KINDS, 0)
        for path in sorted((self.folder / part).glob("*")):
            where = f"{part}/{path.name}"
            kind = next((one for one in KINDS if path.suffix == f".{one}"), None)
            if kind is None or path.is_symlink() or not path.is_file():
                bad.append(Skipped(where, "not an input of a known kind"))
                continue
            counts[kind] += 1
            try:
                if path.stat().st_size > LARGEST or counts[kind] > MOST:
                    bad.append(Skipped(where, f"over {LARGEST:,} bytes or {MOST:,} files"))
                else:
                    good.append((kind, path.read_bytes()))
            except OSError as error:
                bad.append(Skipped(where, error.strerror or "cannot be read"))
        return good, bad
