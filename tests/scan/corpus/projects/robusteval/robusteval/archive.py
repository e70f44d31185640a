"""Results as JSON lines with a digest per line."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path


def append(path: Path, record: dict) -> None:
    line = json.dumps(record, sort_keys=True)
    tag = hashlib.sha256(line.encode()).hexdigest()
    with path.open("a") as out:
        out.write(f"{tag} {line}\n")


def records(path: Path) -> Iterator[dict]:
    with path.open() as handle:
        for number, text in enumerate(handle, 1):
            tag, _, line = text.rstrip("\n").partition(" ")
            if hashlib.sha256(line.encode()).hexdigest() != tag:
                raise ValueError(f"{path}:{number}: digest differs")
            yield json.loads(line)
