"""Pickle, dill, joblib and their kind run code that a file brings.

## What
A load of pickle, cloudpickle, dill, joblib, shelve, marshal or pandas' pickle reader on data that
comes from outside: a request, a download, a job's result, the command line, a file somebody else
can write.

## Why bad
Such formats are programs. Whoever writes the file runs commands with the rights of whoever loads
it; no check of the loaded object comes early enough.

## Example
``model = pickle.loads(requests.get(url).content)``

## Instead
Store arrays with ``numpy.savez`` (read with ``allow_pickle=False``), tensors as safetensors,
circuits as OpenQASM and settings as JSON. If a pickle must be read, verify a signature first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.trust import load_severity, origin_of, told

ID: Final = "DES-01"
NAME: Final = "Unpickling outside data"
SEVERITY: Final[Severity] = "critical"
CWE: Final = (502,)
FRAMEWORKS: Final = ("any",)
TRIGGERS: Final = (
    "pickle", "dill", "joblib", "shelve", "marshal", "jsonpickle", "load_basic"
)  # fmt: skip
ADVICE: Final = (
    "Use a format that holds data only (safetensors, npz with allow_pickle=False, JSON, OpenQASM); "
    "if it must be a pickle, verify a signature before loading."
)

_MODULES: Final = ("pickle", "cPickle", "_pickle", "cloudpickle", "dill", "pickle5", "marshal")
_LOADERS: Final = (
    *(f"{name}.{verb}" for name in _MODULES for verb in ("load", "loads")),
    *(f"{name}.Unpickler.load" for name in ("pickle", "dill", "cloudpickle", "_pickle")),
    "joblib.load",
    "sklearn.externals.joblib.load",
    "shelve.open",
    "pandas.read_pickle",
    "jsonpickle.decode",
    "jsonpickle.loads",
    "dill.load_session",
    "dill.load_module",
    "six.moves.cPickle.load",
    "six.moves.cPickle.loads",
)
_NATIVE: Final = ("symengine..load_basic",)


def check(module: Module) -> Iterator[Hit]:
    """Yield the loads of outside data."""
    for call in module.calls(*_LOADERS):
        data = call.arg(0, "file") or call.arg(0, "filename")
        if call.name.endswith(".Unpickler.load"):
            data = call.receiver
        if call.name == "shelve.open" and call.literal(1, "flag") == "n":
            continue
        flow = origin_of(module, data)
        severity = load_severity(call, data, flow)
        if severity is None:
            continue
        yield Hit(
            call.node,
            f"{call.name}() runs whatever code {told(flow)} brings.",
            severity=severity,
            flow=flow.hops if flow is not None else (),
        )
    for call in module.calls(*_NATIVE):
        flow = origin_of(module, call.arg(0))
        if flow is not None:
            yield Hit(
                call.node,
                f"A native parser without bounds reads {told(flow)}; a crafted file can crash the "
                "process.",
                "Refuse this encoding by the file's header before it is parsed.",
                severity="note" if module.in_test else "medium",
                flow=flow.hops,
            )
