"""Files that a module saves downloads to: what is read from them later comes from outside."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.folding import UNKNOWN
from redqubit.scan.static.sources import REMOTE
from redqubit.scan.static.trust import opened

if TYPE_CHECKING:
    from redqubit.scan.static.module import Module

# Calls that fetch into a file, with the position and name of its path.
_SAVERS: Final = {
    "urllib.request.urlretrieve": (1, "filename"),
    "wget.download": (1, "out"),
    "gdown.download": (1, "output"),
    "torch.hub.download_url_to_file": (1, "dst"),
}
_METHODS: Final = {"download_file": (2, "Filename"), "download_to_filename": (0, "filename")}


def is_download(module: Module, path: ast.expr) -> bool:
    """Return whether the module writes something fetched or received to this path."""
    return bool(keys(module, path) & _targets(module))


def _targets(module: Module) -> frozenset[str]:
    known: frozenset[str] | None = module.memo.get("downloads")
    if known is not None:
        return known
    module.memo["downloads"] = frozenset()  # tracing what is written may ask again
    found: set[str] = set()
    for call in module.calls(*_SAVERS, *(f".{name}" for name in _METHODS)):
        position, keyword = _SAVERS.get(call.name) or _METHODS.get(call.tail, (0, ""))
        path = call.arg(position, keyword)
        if path is not None:
            found |= keys(module, path)
    for call in module.calls(".write", ".write_bytes", "shutil.copyfileobj"):
        target = call.arg(1, "fdst") if call.tail == "copyfileobj" else call.receiver
        if target is None or not module.flow(call.arg(0), origins=REMOTE):
            continue
        for path in opened(module, target):
            found |= keys(module, path)
    for call in module.calls(".save"):  # of an uploaded file
        path = call.arg(0, "dst")
        if path is not None and module.flow(call.receiver, origins=REMOTE):
            found |= keys(module, path)
    module.memo["downloads"] = frozenset(found)
    return frozenset(found)


def keys(module: Module, path: ast.expr) -> set[str]:
    """Return what tells a path from others: its constant value, or its text in its function."""
    value = module.fold(path)
    if value is not UNKNOWN:
        return {f"= {value!r}"}
    function = module.function(path)
    return {f"{0 if function is None else function.lineno} {ast.dump(path)}"}
