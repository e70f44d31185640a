"""What the supply chain tells of links."""

from __future__ import annotations

import os
from pathlib import Path

from redqubit.scan.finding import Skipped
from redqubit.scan.supply.rules.mod_05 import MODELS


def link(path: Path, shown: str, top: str, _folder: bool) -> Skipped | None:
    """Name links to models that lead out of the tree; what is inside is scanned itself."""
    try:
        target = os.path.realpath(path, strict=True)
    except OSError as error:
        if path.suffix in MODELS or "symbolic" in str(error.strerror).lower():
            return Skipped(shown, "a link that leads nowhere or to itself")
        return None
    inside = (target + os.sep).startswith(top + os.sep)
    if not inside and path.suffix in MODELS:
        return Skipped(shown, "a link that leads out of the scanned tree is not followed")
    return None
