"""Braket job results choose pickle themselves.

## What
Results or checkpoints of a hybrid job that are read with ``allow_pickle=True``, or with an SDK that
may be older than 1.117.

## Why bad
The results file says in what form its values are; before amazon-braket-sdk 1.117 a file that says
``pickled_v4`` is unpickled (CVE-2026-9291), so whoever can write to the bucket runs code.

## Example
``load_job_result(allow_pickle=True)``

## Instead
Require ``amazon-braket-sdk>=1.117.0``, keep ``allow_pickle`` at its default and save results as
plain text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.edits import drop_keyword
from redqubit.scan.static.folding import UNKNOWN
from redqubit.scan.static.guards import opted_in
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.trust import milder

ID: Final = "DES-05"
NAME: Final = "Braket results may be pickles"
SEVERITY: Final[Severity] = "high"
CWE: Final = (502,)
FRAMEWORKS: Final = ("Braket",)
TRIGGERS: Final = ("braket",)
ADVICE: Final = (
    "Require amazon-braket-sdk>=1.117.0, leave allow_pickle out and save results as plain text."
)

_SAFE: Final = "1.117.0"
_LOADERS: Final = (".load_job_result", ".load_job_checkpoint", ".result")


def check(module: Module) -> Iterator[Hit]:
    """Yield the reads of job results that may unpickle."""
    versions = module.project.versions
    below = versions.may_be_below("amazon-braket-sdk", _SAFE)
    for call in module.calls(*_LOADERS):
        if not _is_job(call) or module.project.definition(call.name, module) is not None:
            continue
        given = call.arg(None, "allow_pickle")
        value = call.literal(None, "allow_pickle")
        if value is True:
            severity: Severity = "high"
            told = f"{call.tail}(allow_pickle=True) runs code that the results file brings."
        elif given is not None and value is UNKNOWN:
            severity = "medium"
            told = f"{call.tail}() unpickles the results file when allow_pickle turns out true."
        elif below is False or given is not None:
            continue
        else:
            known = versions.known("amazon-braket-sdk")
            severity = "high" if below else "medium"
            which = f"amazon-braket-sdk {known}" if known else "an SDK that is not pinned"
            told = f"With {which}, {call.tail}() unpickles a results file that asks for it."
        if module.in_test:
            severity = "note"
        elif opted_in(module, call.node):
            severity = milder(severity, "low")
        edit = (
            drop_keyword(call, "allow_pickle", "Refuse pickled results.") if value is True else None
        )
        yield Hit(call.node, told, severity=severity, edit=edit)


def _is_job(call: Call) -> bool:
    """Quantum tasks are not affected, only hybrid jobs."""
    if call.tail != "result":
        return call.name.startswith("braket.") or not call.name
    if call.name:
        return call.name.startswith("braket.") and "QuantumJob" in call.name
    return call.arg(None, "allow_pickle") is not None
