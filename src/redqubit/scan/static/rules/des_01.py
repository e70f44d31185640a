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

import ast
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.trust import load_severity, origin_of, origin_of_file, told

ID: Final = "DES-01"
NAME: Final = "Unpickling outside data"
SEVERITY: Final[Severity] = "critical"
CWE: Final = (502,)
FRAMEWORKS: Final = ("any",)
TRIGGERS: Final = (
    "pickle", "Unpickler", "dill", "joblib", "shelve", "marshal", "jsonpickle", "load_basic",
    "recv_pyobj", "mlflow",
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
    "ray.cloudpickle.load",
    "ray.cloudpickle.loads",
    "srsly.pickle_loads",
    "compress_pickle.load",
    "compress_pickle.loads",
    "mlflow.sklearn.load_model",
    "mlflow.pyfunc.load_model",
    "distributed.protocol.pickle.loads",
)
# Loaders that open the path they are given.
_BY_PATH: Final = frozenset(
    [
        "joblib.load",
        "sklearn.externals.joblib.load",
        "shelve.open",
        "pandas.read_pickle",
        "dill.load_session",
        "dill.load_module",
        "compress_pickle.load",
        "mlflow.sklearn.load_model",
        "mlflow.pyfunc.load_model",
    ]
)
_NATIVE: Final = ("symengine..load_basic",)


def check(module: Module) -> Iterator[Hit]:
    """Yield the loads of outside data."""
    for call in [*module.calls(*_LOADERS), *_unpicklers(module)]:
        data = call.arg(0, "file") or call.arg(0, "filename")
        data = data or call.arg(0, "filepath_or_buffer") or call.arg(0, "data")
        if call.tail == "load" and not call.node.args and not call.node.keywords:
            data = call.receiver
        if call.name == "shelve.open" and call.literal(1, "flag") == "n":
            continue
        flow = origin_of_file(module, data) if call.name in _BY_PATH else origin_of(module, data)
        severity = load_severity(call, data, flow)
        if severity is None:
            continue
        yield Hit(
            call.node,
            f"{call.name}() runs whatever code {told(flow)} brings.",
            severity=severity,
            flow=flow.hops if flow is not None else (),
        )
    for call in module.calls(".recv_pyobj"):
        if not module.in_test and module.project.definition(call.name, module) is None:
            yield Hit(
                call.node, "recv_pyobj() unpickles whatever the other end of the socket sends."
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


def _unpicklers(module: Module) -> Iterator[Call]:
    """Yield the loads by the project's own unpicklers that refuse no class."""
    if "Unpickler" not in module.text:
        return
    for call in module.calls(".load"):
        found = module.project.definition(call.name.removesuffix(".load"), module)
        if found is None or not isinstance(found[1], ast.ClassDef) or call.node.args:
            continue
        home, owner = found[0], found[1]
        bases = [home.name_of(base) for base in owner.bases]
        if any(name.endswith("Unpickler") for name in bases) and not _refuses(owner):
            yield call


def _refuses(owner: ast.ClassDef) -> bool:
    """Return whether an unpickler's ``find_class`` may refuse: it raises or looks a table up."""
    for item in owner.body:
        if isinstance(item, ast.FunctionDef) and item.name == "find_class":
            inner = list(ast.walk(item))
            asks = any(isinstance(node, ast.Name) and node.id == "super" for node in inner)
            return not asks or any(isinstance(node, ast.Raise) for node in inner)
    return False
