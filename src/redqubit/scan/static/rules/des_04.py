"""Runtime's JSON decoder builds the objects a payload names.

## What
``json.loads(..., cls=RuntimeDecoder)`` on data from outside where qiskit-ibm-runtime may be older
than 0.21.2.

## Why bad
Before 0.21.2 the decoder imports any module and class that the JSON names (CVE-2024-29032), so
whoever sends the text runs code.

## Example
``job = json.loads(request.data, cls=RuntimeDecoder)``

## Instead
Require ``qiskit-ibm-runtime>=0.21.2`` and validate the JSON against a schema before decoding it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.trust import origin_of, own_file

ID: Final = "DES-04"
NAME: Final = "RuntimeDecoder on outside data"
SEVERITY: Final[Severity] = "high"
CWE: Final = (502,)
FRAMEWORKS: Final = ("Qiskit",)
TRIGGERS: Final = ("RuntimeDecoder",)
ADVICE: Final = "Require qiskit-ibm-runtime>=0.21.2 and check the JSON against a schema first."

_SAFE: Final = "0.21.2"


def check(module: Module) -> Iterator[Hit]:
    """Yield the decodings of outside data."""
    versions = module.project.versions
    below = versions.may_be_below("qiskit-ibm-runtime", _SAFE)
    if below is False:
        return
    for call in module.calls("json.loads", "json.load", ".json", ".decode"):
        if call.tail == "decode":
            if not call.name.endswith("RuntimeDecoder.decode"):
                continue
        else:
            decoder = module.name_of(call.arg(None, "cls"))
            if not (
                decoder.startswith("qiskit_ibm_runtime") and decoder.endswith("RuntimeDecoder")
            ):
                continue
            if module.project.definition(decoder, module) is not None:
                continue  # the library itself; its decoder is judged where it is written
        data = call.receiver if call.tail == "json" else call.arg(0, "s") or call.arg(0, "fp")
        flow = origin_of(module, data)
        if flow is None or own_file(module, data):
            continue
        outside = flow.origin not in {"parameter", "local"}
        severity: Severity = "high" if outside else "medium"
        if module.in_test:
            severity = "note"
        known = versions.known("qiskit-ibm-runtime")
        which = (
            f"qiskit-ibm-runtime {known}" if known else "a qiskit-ibm-runtime that is not pinned"
        )
        yield Hit(
            call.node,
            f"In {which}, decoding {flow.text} imports whatever module and class it names.",
            severity=severity,
            flow=flow.hops,
        )
