"""torch.load without ``weights_only=True`` unpickles the file.

## What
``torch.load`` with ``weights_only=False``, or without the argument where the torch in use may be
older than 2.6, which is when True became the default.

## Why bad
A checkpoint is a pickle: with ``weights_only=False`` it runs code when it is loaded.

## Example
``state = torch.load("qnn.pt")`` with torch 2.4

## Instead
``state = torch.load("qnn.pt", weights_only=True)``, or safetensors.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.edits import set_keyword
from redqubit.scan.static.folding import UNKNOWN
from redqubit.scan.static.guards import opted_in
from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.trust import digest_checked, milder, own_file

ID: Final = "DES-02"
NAME: Final = "torch.load may unpickle"
SEVERITY: Final[Severity] = "high"
CWE: Final = (502,)
FRAMEWORKS: Final = ("any",)
TRIGGERS: Final = ("torch",)
ADVICE: Final = (
    "Pass weights_only=True and save state dictionaries, not whole models; or use safetensors."
)

_SAFE: Final = "2.6"


def check(module: Module) -> Iterator[Hit]:
    """Yield the loads that may run code."""
    for call in module.calls("torch.load", "torch.serialization.load"):
        given = call.arg(None, "weights_only")
        value = call.literal(None, "weights_only")
        if value is True or (given is None and call.starred):
            continue
        severity: Severity = "high"
        if given is None:
            below = module.project.versions.may_be_below("torch", _SAFE)
            if below is False:
                severity = "note"
                told = "This load is safe only by torch's default since 2.6; say so here."
            else:
                known = module.project.versions.known("torch")
                which = f"torch {known}" if known else "a torch whose version is not pinned"
                told = f"torch.load() without weights_only=True unpickles the file in {which}."
        elif value is UNKNOWN:
            severity = "medium"
            told = "torch.load() unpickles the file when weights_only turns out False."
        else:
            told = "torch.load() with weights_only=False runs code the file brings."
        path = call.arg(0, "f")
        if own_file(module, path) or module.in_test or digest_checked(module, call.node):
            severity = "note"
        elif opted_in(module, call.node):
            severity = milder(severity, "low")
        edit = set_keyword(call, "weights_only", "True", "Load tensors only.")
        yield Hit(call.node, told, severity=severity, edit=edit if value is not UNKNOWN or
                  given is None else None)  # fmt: skip
