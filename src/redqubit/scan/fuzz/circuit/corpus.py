"""What a campaign keeps in a folder: where to go on, and every failing circuit made small."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from redqubit.core.errors import InputError
from redqubit.killchain.document import read
from redqubit.scan.finding import Skipped
from redqubit.scan.fuzz.circuit.subject import Subject, from_data
from redqubit.scan.fuzz.state import State

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
        self.state = State(folder, STATE)
        self.folder = folder
        self.circuits = folder / "circuits"

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
