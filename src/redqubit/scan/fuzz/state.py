"""Where a campaign goes on: one small file in its folder, tied to its seed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from redqubit.core.errors import InputError
from redqubit.killchain.document import read

VERSION: Final = 1
_KEYS: Final = {"version", "seed", "next"}


class State:
    """The file ``folder/name`` with the seed of a campaign and its next case.

    Raises
    ------
    InputError
        The folder is a file.
    """

    def __init__(self, folder: Path, name: str) -> None:
        if folder.exists() and not folder.is_dir():
            raise InputError(f"the corpus is a folder, but {folder} is a file; name another path")
        self.path = folder / name

    def start(self, seed: int) -> int:
        """Return the first case a campaign with this seed has not run; 0 for a new one.

        Raises
        ------
        InputError
            The folder belongs to a campaign with another seed, or its state cannot be read.
        """
        if not self.path.exists():
            return 0
        data = read(self.path).data
        if (
            not isinstance(data, dict)
            or set(data) != _KEYS
            or not all(type(data[key]) is int and data[key] >= 0 for key in _KEYS)
            or data["version"] != VERSION
        ):
            raise InputError(
                f"{self.path} must have version {VERSION} and whole numbers seed and next; "
                "remove it to begin again"
            )
        if data["seed"] != seed:
            raise InputError(
                f"{self.path.parent} belongs to seed {data['seed']}, not {seed}; "
                "give that seed or another folder"
            )
        return int(data["next"])

    def save(self, seed: int, index: int) -> None:
        """Write where the campaign goes on; a reader never sees half a file."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f"{self.path.name}.draft")
        draft.write_text(json.dumps({"version": VERSION, "seed": seed, "next": index}) + "\n")
        os.replace(draft, self.path)
