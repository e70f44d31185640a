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

import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.encoders import FEATURES, WEIGHTS, entrances, flow_into, words
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import OUTSIDE, Origin
from redqubit.scan.static.surroundings import QUANTUM, Surroundings

ID: Final = "ENC-02"
NAME: Final = "Unscaled rotation angles"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (682,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = QUANTUM
ADVICE: Final = "Scale features into one period with a transform fitted on the training part."

_ORIGINS: Final[frozenset[Origin]] = OUTSIDE | {"local"}
_SCALED: Final = re.compile(
    r"scal|normali[sz]|standardi[sz]|arctan|atan|tanh|sigmoid|minmax|clip|\bpi\b|transform|arcsin"
    r"|arccos|remainder|\bmod\b|fmod| % |wrap|(?<!nt)angle|radian|theta|phase|embedding_|\.max\("
    r"|\.std\(|ptp|StandardScaler|PCA|preprocess|linalg\.norm| / "
)
_RAW: Final = re.compile(r"^sklearn\.datasets\.(?:load_|fetch_)")


_BOUNDED: Final = frozenset(
    ["transform", "fit_transform", "int", "load_img", "img_to_array", "imread", "imdecode"]
)


class _Datasets:
    """Judges calls on the way; remembers a dataset with physical units."""

    def __init__(self) -> None:
        self.found: Call | None = None

    def __call__(self, call: Call) -> bool:
        if _RAW.match(call.name):
            self.found = call
            return True
        return call.tail in _BOUNDED


def check(module: Module) -> Iterator[Hit]:
    """Yield the angle encoders that raw data reaches."""
    for item in entrances(module, "angle", "bind"):
        datasets = _Datasets()
        flow = flow_into(module, item.value, origins=_ORIGINS, clean=datasets)
        if flow is None and datasets.found is None:
            continue
        told = words(module, item.value, flow)
        if WEIGHTS.search(told) and not FEATURES.search(told):
            continue
        around = Surroundings(module, item.value, flow)
        texts = [around.text]
        if datasets.found is not None:
            texts.append(Surroundings(module, datasets.found.node).text)
        if any(_SCALED.search(text) for text in texts) or around.compared():
            continue
        source = (
            flow.text if flow is not None else f"{datasets.found.tail}()" if datasets.found else ""
        )
        yield Hit(
            item.call.node,
            f"Data from {source} becomes angles of {item.call.tail}() unscaled, so samples that "
            "differ by a period look alike.",
            flow=flow.hops if flow is not None else (),
        )
