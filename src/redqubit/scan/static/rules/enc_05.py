"""Basis states made of numbers that are not bits.

## What
``BasisEmbedding`` or ``BasisState`` gets a list with other values than 0 and 1, random floats, or
data from outside that nothing turns into bits; ``int()`` alone leaves the range open.

## Why bad
What is not a bit is cut or compared by truth value, depending on the version: the encoded sample
is another one than the caller's, and 0.9 and 0.1 may become the same state.

## Example
``qml.BasisEmbedding(request.json["bits"], wires=range(4))``

## Instead
``bits = (np.asarray(x) > 0.5).astype(int)``, or reject whatever is not 0 or 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.encoders import entrances, flow_into
from redqubit.scan.static.folding import UNKNOWN
from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import OUTSIDE
from redqubit.scan.static.surroundings import Surroundings

ID: Final = "ENC-05"
NAME: Final = "Basis state of values that are not bits"
SEVERITY: Final[Severity] = "low"
CWE: Final = (704,)
FRAMEWORKS: Final = ("pennylane",)
TRIGGERS: Final = ("pennylane",)
ADVICE: Final = "Turn features into 0 or 1 by a stated threshold and reject other values."

_BITS: Final = re.compile(
    r"astype|round\(|(?<!-)>=?|<=?|\bthreshold\b|binar|\bbin\(|in \(0, 1\)|in \{0, 1\}|bool|isin"
    r"|% 2|& 1|\bmin\("
)


def check(module: Module) -> Iterator[Hit]:
    """Yield the basis encoders of anything but bits."""
    for item in entrances(module, "basis"):
        value = module.fold(item.value)
        if value is not UNKNOWN:
            if isinstance(value, list | tuple) and any(
                isinstance(bit, int | float) and bit not in {0, 1} for bit in value
            ):
                yield Hit(item.call.node, f"{item.call.tail}() gets values that are not bits.")
            continue
        binding = module.single(item.value)
        made = binding.value if binding is not None and binding.kind == "assign" else item.value
        name = module.name_of(made)
        if name.startswith(("numpy.random.", "pennylane.numpy.random.")) and name.endswith(
            (".uniform", ".rand", ".randn", ".normal", ".random")
        ):
            yield Hit(item.call.node, f"{item.call.tail}() gets random floats, not bits.")
            continue
        flow = flow_into(module, item.value, origins=OUTSIDE, clean=(".astype", "round"))
        if flow is None:
            continue
        around = Surroundings(module, item.value, flow)
        if not _BITS.search(around.text) and not around.validated():
            yield Hit(
                item.call.node,
                f"Data from {flow.text} reaches {item.call.tail}() without being turned into bits.",
                flow=flow.hops,
            )
