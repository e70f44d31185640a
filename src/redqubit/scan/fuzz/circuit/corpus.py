"""What a campaign keeps in a folder: where to go on, and every failing circuit made small."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from redqubit.core.errors import InputError
from redqubit.killchain.document import read
from redqubit.scan.finding import Skipped
from redqubit.scan.fuzz.circuit.subject import Subject, from_data

VERSION: Final = 1
STATE: Final = "campaign.json"


@dataclass(frozen=True, slots=True)
class Stored:
    """A failing circuit of an earlier run and the oracle it failed."""

    oracle: str
    subject: Subject


class Corpus:
    """A folder with ``campaign.json`` and ``circuits/<oracle>-<digest>.{json,qasm}``.

    Nothing in it is executed; the ``.qasm`` files are for people and are never read back.
    """

    def __init__(self, folder: Path) -> None:
        if folder.exists() and not folder.is_dir():
            raise InputError(f"the corpus is a folder, but {folder} is a file; name another path")
        self.folder = folder
        self.circuits = folder / "circuits"

    def start(self, seed: int) -> int:
        """Return the first index a campaign with this seed has not run; 0 for a new one.

        Raises
        ------
        InputError
            The folder belongs to a campaign with another seed, or its state cannot be read.
        """
        path = self.folder / STATE
        if not path.exists():
            return 0
        data = read(path).data
        keys = {"version", "seed", "next"}
        if (
            not isinstance(data, dict)
            or set(data) != keys
            or not all(type(data[key]) is int and data[key] >= 0 for key in keys)
            or data["version"] != VERSION
        ):
            raise InputError(
                f"{path} has version {VERSION} and whole numbers seed and next; "
                "remove it to begin again"
            )
        if data["seed"] != seed:
            raise InputError(
                f"{self.folder} belongs to seed {data['seed']}, not {seed}; "
                "give that seed or another folder"
            )
        return int(data["next"])

    def save(self, seed: int, index: int) -> None:
        """Write where the campaign goes on; a reader never sees half a file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f"{STATE}.draft"
        draft.write_text(json.dumps({"version": VERSION, "seed": seed, "next": index}) + "\n")
        os.replace(draft, self.folder / STATE)

    def add(self, oracle: str, subject: Subject, detail: str) -> str:
        """Store a failing circuit and return the name of its OpenQASM file in the folder."""
        self.circuits.mkdir(parents=True, exist_ok=True)
        stem = name(oracle, subject)
        record: dict[str, Any] = {"oracle": oracle, "detail": detail, "circuit": subject.data}
        (self.folder / stem).with_suffix(".json").write_text(json.dumps(record, indent=1) + "\n")
        (self.folder / stem).write_text(f"// {oracle}: {detail}\n{subject.openqasm}")
        return stem

    def stored(self) -> tuple[list[Stored], list[Skipped]]:
        """Return the failing circuits of earlier runs, and the files that cannot be read."""
        good, bad = [], []
        for path in sorted(self.circuits.glob("*.json")):
            try:
                data = read(path).data
                if not isinstance(data, dict) or set(data) != {"oracle", "detail", "circuit"}:
                    raise InputError("a stored case has exactly the keys oracle, detail, circuit")
                good.append(Stored(str(data["oracle"]), from_data(data["circuit"])))
            except (InputError, OSError) as error:
                bad.append(Skipped(f"circuits/{path.name}", str(error)))
        return good, bad


def name(oracle: str, subject: Subject) -> str:
    """Return the file name of a failing circuit, relative to the corpus."""
    return f"circuits/{oracle}-{subject.digest}.qasm"
