"""Features from outside reach a rotation without a test that they are finite.

## What
Numbers of a request, a download, a file or a job's result become rotation angles or bound
parameters, and nothing on the way tests that they are finite or inside a range.

## Why bad
Angles of NaN or infinity pass through embeddings, rotations and resolvers without an error: the
state, the loss and every later weight become NaN. Angles beyond about 1e16 keep no digit of their
phase, so an attacker picks the answer at random. Only binding in Qiskit rejects NaN, and there
an unhandled error ends the service.

## Example
``qml.AngleEmbedding(request.json["features"], wires=range(4))``

## Instead
Test with ``np.isfinite(x).all()`` and a range (``abs(x) <= np.pi``) before the circuit is built, or
declare the fields as finite floats with bounds in the request's schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.encoders import FEATURES, WEIGHTS, entrances, flow_into, words
from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import OUTSIDE, REMOTE
from redqubit.scan.static.surroundings import QUANTUM, Surroundings

ID: Final = "ENC-01"
NAME: Final = "Features without a finiteness test"
SEVERITY: Final[Severity] = "high"
CWE: Final = (20,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = QUANTUM
ADVICE: Final = "Reject values that are not finite or not in the encoder's range before encoding."

CLEAN: Final = (
    "int",
    "round",
    "numpy.clip",
    "numpy.nan_to_num",
    "sklearn..transform",
    "sklearn..fit_transform",
    ".transform",
    ".fit_transform",
    "numpy.argmax",
    ".index",
)
_IMAGES: Final = (".load_img", ".img_to_array", ".imread", "PIL..open", ".imdecode")  # bounded


def check(module: Module) -> Iterator[Hit]:
    """Yield the rotations that outside numbers reach unchecked."""
    for item in entrances(module, "angle", "bind"):
        flow = flow_into(module, item.value, origins=OUTSIDE, clean=(*CLEAN, *_IMAGES))
        if flow is None or Surroundings(module, item.value, flow).finite():
            continue
        told = words(module, item.value, flow)
        weights = WEIGHTS.search(told) and not FEATURES.search(told)
        if item.kind == "bind" and weights and flow.origin not in {"request", "payload"}:
            continue  # stored weights, which VAR-01 is about
        rejects = item.kind == "bind" and (
            item.call.name.startswith("qiskit") or item.call.tail == "assign_parameters"
        )
        severity: Severity = SEVERITY if flow.origin in REMOTE and not rejects else "medium"
        if flow.origin in {"file", "env"} and not FEATURES.search(told):
            severity = "low"  # settings of an experiment, which its owner writes
        why = (
            "which ends in an error nobody handles for NaN and in noise for huge numbers"
            if rejects
            else "which takes NaN and infinity without an error"
        )
        yield Hit(
            item.call.node,
            f"Numbers from {flow.text} reach {item.call.tail}(), {why}.",
            severity=severity,
            flow=flow.hops,
        )
