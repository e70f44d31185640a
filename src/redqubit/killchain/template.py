"""Templates for new objects of the kill chain, with the next free id."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from redqubit.core.errors import unknown
from redqubit.killchain.model import KillChain

FOLDER: Final = Path(__file__).parent / "templates"
KINDS: Final = {  # template: where such objects are kept, and how the number in an id is written
    "technique": ("techniques", "QML.T{:04d}"),
    "mitigation": ("mitigations", "QML.M{:04d}"),
    "evidence": ("evidence", "QML.E{:04d}"),
    "case": ("cases", "QML.CS{:03d}"),
    "claim": ("claims", "QML.CL{:03d}"),
}


def template(kind: str, chain: KillChain) -> tuple[str, str]:
    """Return the id and the text of a new object: its file is ``<folder>/<id>.yaml``.

    Raises
    ------
    InputError
        There is no template of this kind.
    """
    if kind not in KINDS:
        raise unknown("kind", kind, KINDS)
    folder, pattern = KINDS[kind]
    numbers = [int(re.findall(r"\d+", item.id)[0]) for item in getattr(chain, folder)]
    identifier = pattern.format(max(numbers, default=0) + 1)
    text = (FOLDER / f"{kind}.yaml").read_text(encoding="utf-8")
    return identifier, text.format(id=identifier)
