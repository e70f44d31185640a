"""The evidence of a run as one JSON line a record: append only, flushed, readable after a crash."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redqubit.core import record
from redqubit.core.errors import InputError
from redqubit.core.evidence import SCHEMA_VERSION, Evidence

EVIDENCE = "evidence.jsonl"


class Store:
    """The folder of one assessment; ``evidence.jsonl`` in it is the source of truth.

    Raises
    ------
    InputError
        The folder cannot be made or written, or the file holds records this version cannot read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / EVIDENCE

    @contextmanager
    def open(self) -> Iterator[Store]:
        """Create the folder and hold its lock, so that two runs never write the same file."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = open(self.folder / ".lock", "w")  # noqa: SIM115 -- held for the whole run
        except OSError as error:
            raise InputError(
                f"cannot write to {self.folder}: {error.strerror}; choose another folder with -o"
            ) from error
        with handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise InputError(
                    f"another run is writing to {self.folder}; wait for it or choose another folder"
                ) from error
            self._mend()
            yield self

    def _mend(self) -> None:
        """Cut a half-written last line, which a killed run leaves behind."""
        if not self.path.exists():
            return
        data = self.path.read_bytes()
        if data and not data.endswith(b"\n"):
            with open(self.path, "r+b") as handle:
                handle.truncate(data.rfind(b"\n") + 1)

    def append(self, evidence: Evidence) -> None:
        """Write one record and force it to the disk before returning."""
        line = (record.canonical(evidence) + "\n").encode()
        try:
            with open(self.path, "ab", buffering=0) as handle:
                start = handle.tell()
                try:
                    while line:
                        line = line[handle.write(line) :]
                    os.fsync(handle.fileno())
                except OSError:
                    handle.truncate(start)  # a full disk must not leave half a record
                    raise
        except OSError as error:
            raise InputError(
                f"cannot write {self.path}: {error.strerror}; free space or choose another folder "
                "with -o; finished jobs are kept and the same command resumes"
            ) from error

    def read(self) -> list[Evidence]:
        """Return the newest record of every id, in the order the ids first appeared."""
        if not self.path.exists():
            return []
        found: dict[str, Evidence] = {}
        try:
            lines = self.path.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"cannot read {self.path}: {error}") from error
        complete = lines[:-1]  # what follows the last newline is a half-written record
        for number, line in enumerate(complete, start=1):
            where = f"{self.path} line {number}"
            try:
                data = json.loads(line)
            except ValueError as error:
                raise InputError(f"{where} is not JSON: {error}") from error
            schema = data.get("schema") if isinstance(data, dict) else None
            if schema != SCHEMA_VERSION:
                raise InputError(
                    f"{where} has schema {schema!r}; this version reads schema {SCHEMA_VERSION}"
                )
            evidence = record.from_json(Evidence, data, where)
            found[evidence.id] = evidence
        return list(found.values())

    def finished(self) -> set[str]:
        """Return the ids of jobs that need not run again."""
        return {evidence.id for evidence in self.read() if evidence.status == "measured"}

    def write(self, name: str, text: str) -> Path:
        """Replace the file ``name`` in the folder at once, never half of it."""
        target = self.folder / name
        draft = target.with_name(f".{target.name}.part")
        try:
            draft.write_text(text, encoding="utf-8")
            os.replace(draft, target)
        except OSError as error:
            raise InputError(f"cannot write {target}: {error.strerror}") from error
        return target
