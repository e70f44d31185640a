"""Old QPY readers evaluate text from the file.

## What
``qpy.load`` on a file from outside where the Qiskit in use may be older than 1.4.2, or without
a lower bound on the QPY version or a look at the header.

## Why bad
QPY before version 13 stores parameter expressions as text, which older readers evaluate as Python
(CVE-2025-2000), or hands them to a native parser that a crafted file crashes (CVE-2025-1403). Newer
readers still parse the old forms unless they are told not to.

## Example
``circuits = qpy.load(io.BytesIO(request.data))``

## Instead
Require ``qiskit>=1.4.2``, set ``min_qpy_version`` to 13 or more, and check the header before the
parser sees the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.folding import UNKNOWN
from redqubit.scan.static.guards import guards
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.trust import digest_checked, origin_of, own_file

ID: Final = "DES-03"
NAME: Final = "QPY from outside"
SEVERITY: Final[Severity] = "high"
CWE: Final = (502,)
FRAMEWORKS: Final = ("Qiskit",)
TRIGGERS: Final = ("qpy",)
ADVICE: Final = (
    "Require qiskit>=1.4.2, pass min_qpy_version=13 or set it in the user settings, and check the "
    "file's header and size before it is parsed."
)

_SAFE: Final = "1.4.2"
_OLDEST: Final = 13
_HEADER: Final = re.compile(r"header|admission|admit|qpy_version|magic|QISKIT", re.IGNORECASE)


def check(module: Module) -> Iterator[Hit]:
    """Yield the loads whose file comes from outside."""
    versions = module.project.versions
    for call in module.calls("qiskit..qpy.load", "qiskit..qpy_serialization.load"):
        data = call.arg(0, "file_obj")
        own = module.project.definition(call.name, module) is not None
        if own or own_file(module, data) or _checked(module, call):
            continue
        bound = call.literal(None, "min_qpy_version")
        if call.arg(None, "min_qpy_version") is not None and (bound is UNKNOWN or bound >= _OLDEST):
            continue
        flow = origin_of(module, data)
        if flow is None:
            continue
        below = versions.may_be_below("qiskit", _SAFE)
        if below is None:
            below = versions.may_be_below("qiskit-terra", "99")
        outside = flow.origin not in {"parameter", "local"}
        if below is False:
            if not outside:
                continue
            severity: Severity = "medium"
            told = f"The reader parses every old QPY version that {flow.text} may choose."
        else:
            severity = "high" if outside else "medium"
            known = versions.known("qiskit") or versions.known("qiskit-terra")
            which = f"Qiskit {known}" if known else "a Qiskit whose version is not pinned"
            told = f"In {which}, reading {flow.text} as QPY may evaluate text in it as Python."
        if module.in_test:
            severity = "note"
        yield Hit(call.node, told, severity=severity, flow=flow.hops)


def _checked(module: Module, call: Call) -> bool:
    """Return whether the file's header or digest was looked at before."""
    if digest_checked(module, call.node):
        return True
    if any(_HEADER.search(module.source(item.test)) for item in guards(module, call.node)):
        return True
    function = module.function(call.node)
    return any(
        other.node.lineno < call.node.lineno
        and module.function(other.node) is function
        and _HEADER.search(other.tail)
        for other in module.calls()
    )
