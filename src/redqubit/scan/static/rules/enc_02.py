"""Raw data becomes rotation angles without being scaled.

## What
Data of a file, a request or a dataset with physical units reaches an angle encoder, and no scaler,
division, modulo, arctan or other map into one period stands in between.

## Why bad
Rotations repeat after 2 pi (or 4 pi): samples that differ by a period give the same state, so
distinct rows become one and an attacker finds a second input with any answer wanted.

## Example
``X, y = load_wine(return_X_y=True)`` and then ``qml.AngleEmbedding(X[0], wires=range(13))``

## Instead
Fit ``MinMaxScaler((0, np.pi))`` on the training part, keep it with the model, and clip what lies
outside at inference.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from redqubit.scan.finding import Hop, Severity
from redqubit.scan.static.encoders import (
    FEATURES,
    WEIGHTS,
    Given,
    changed,
    entrances,
    flow_into,
    flows,
    scales,
    words,
)
from redqubit.scan.static.flow import Flow
from redqubit.scan.static.frameworks import QUANTUM
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import OUTSIDE, Origin
from redqubit.scan.static.surroundings import Surroundings

ID: Final = "ENC-02"
NAME: Final = "Unscaled rotation angles"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (682,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = QUANTUM
ADVICE: Final = "Scale features into one period with a transform fitted on the training part."

_ORIGINS: Final[frozenset[Origin]] = OUTSIDE | {"local"}
_SETTINGS: Final = frozenset({"file", "local", "env", "job"})
_TABLES: Final = frozenset(
    ["read_csv", "read_excel", "read_table", "genfromtxt", "loadtxt", "read_parquet",
     "read_feather", "read_hdf", "loadmat"]
)  # fmt: skip
_NAMED: Final = re.compile(
    r"(?<!un)scaled|normali[sz]ed|standardi[sz]ed|radian|theta|phase|(?<!nt|ri)angle|embedding_"
)
_SCALES: Final = re.compile(
    r"scal|normal|standard|squash|wrap|to_angle|as_angle|angles|encode_(?:row|x|features)|radian"
    r"|arctan|^atan|tanh|sigmoid|minmax|clip|clamp|transform|arcsin|arccos|^a(?:sin|cos)$|remainder"
    r"|^f?mod$|preprocess|^(?:sin|cos)$|softmax|^rescale|^interp$|^deg2rad$",
    re.IGNORECASE,
)
_RAW: Final = re.compile(r"^sklearn\.datasets\.(?:load_|fetch_)|^seaborn\.load_dataset$")
_BOUNDED: Final = frozenset(["int", "load_img", "img_to_array", "imread", "imdecode"])


class _Datasets:
    """Judges calls on the way; remembers a dataset with physical units."""

    def __init__(self) -> None:
        self.found: Call | None = None

    def __call__(self, call: Call) -> bool:
        if _RAW.match(call.name):
            self.found = call
            return True
        return call.tail in _BOUNDED or _SCALES.search(call.tail) is not None


def check(module: Module) -> Iterator[Hit]:
    """Yield the angle encoders that raw data reaches."""
    for item in entrances(module, "angle", "bind", "train"):
        for place, given, flow in flows(module, item, _unscaled):
            told = words(given.module, given.value, flow)
            settings = flow.origin in _SETTINGS and not _is_table(flow)
            vague = WEIGHTS.search(told) or item.kind == "bind" or settings
            if vague and not FEATURES.search(told):
                continue
            yield Hit(
                place,
                f"Data from {flow.text} becomes angles of {item.call.tail}() unscaled, so samples "
                "that differ by a period look alike.",
                flow=flow.hops,
            )


def _unscaled(given: Given) -> Flow | None:
    """Return a flow of raw data, also of a dataset that comes with a library."""
    module, datasets = given.module, _Datasets()
    flow = flow_into(
        module, given.value, origins=_ORIGINS, clean=datasets, guard=changed, ends=scales
    )
    if flow is None and datasets.found is not None:
        call = datasets.found
        hop = Hop(call.module.place(call.node), f"data enters from {call.tail}()")
        flow = Flow("download", f"{call.tail}()", (hop,), False, call.node, call.module)
    if flow is None:
        return None
    whole = replace(flow, hops=flow.hops + given.hops)
    around = Surroundings(module, given.value, whole)
    if _NAMED.search(" ".join(around.words)) or around.compared():
        return None
    return flow


def _is_table(flow: Flow) -> bool:
    """Return whether the source is a table of numbers rather than settings or an archive."""
    return isinstance(flow.node, ast.Call) and flow.module.call(flow.node).tail in _TABLES
