"""Keras models by their configuration: code in layers, functions and modules it names."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any, Final

from redqubit.core.errors import InputError
from redqubit.killchain import document
from redqubit.scan.supply.data import Context, Data
from redqubit.scan.supply.hit import Hit, Report, Unread
from redqubit.scan.supply.pickle_machine import walk

PACKAGES: Final = frozenset(
    {"keras", "keras_hub", "keras_nlp", "keras_cv", "tensorflow", "tf_keras", "builtins"}
)
_LAYER: Final = "a Lambda layer, whose Python code runs when the model is loaded or called"
_CODE: Final = {
    "Lambda": _LAYER,
    "__lambda__": _LAYER,
    "TFSMLayer": "a TFSMLayer, which loads another TensorFlow model from a path",
}
_FUNCTIONS: Final = (
    "keras.activations",
    "keras.constraints",
    "keras.initializers",
    "keras.losses",
    "keras.metrics",
    "keras.ops",
    "keras.regularizers",
    "keras.src",
    "builtins",
)
_LAMBDA: Final = re.compile(
    rb'"class_name"\s*:\s*"(Lambda|TFSMLayer|__lambda__)"|"function_type"\s*:\s*"(lambda)"'
)
_BASE64: Final = re.compile(rb"gA[IJKLMNOPQRSTUV][A-Za-z0-9+/=\s]{24,1000000}")
_PICKLE: Final = re.compile(rb"\x80[\x02-\x05](?=[cK(}\]X\x8c\x95\x8a])")
OVERLAP: Final = 2**16


def config(data: Data, context: Context) -> Iterator[Report]:
    """Look through the ``config.json`` of a ``.keras`` archive."""
    try:
        text = data.whole().decode("utf-8")
        found = document.parse(text, context.name, form="json").data
    except (InputError, UnicodeDecodeError) as error:
        yield Unread(f"{context.name}: {error}")
        return
    told: set[str] = set()
    pending = [found]
    while pending:
        item = pending.pop()
        if isinstance(item, list):
            pending.extend(item)
        if not isinstance(item, dict):
            continue
        pending.extend(item.values())
        problem = _problem(item)
        if problem and problem not in told:
            told.add(problem)
            yield _hit(context, problem)


def is_config(head: bytes) -> bool:
    """Whether a JSON text starts like the configuration of a Keras model."""
    return b'"class_name"' in head and (b'"module"' in head or b'"config"' in head)


def _problem(item: dict[str, Any]) -> str:
    kind, module = item.get("class_name"), item.get("module")
    if not isinstance(kind, str):
        return ""
    if kind in _CODE:
        return _CODE[kind]
    if isinstance(module, str) and module.partition(".")[0] not in PACKAGES:
        return f"the class {module}.{kind}"[:120] + ", which is not part of Keras"
    if kind == "function" and isinstance(module, str) and not module.startswith(_FUNCTIONS):
        return f"the function {json.dumps(item.get('config'))[:60]} of {module[:60]}"
    return ""


def hdf5(data: Data, context: Context) -> Iterator[Report]:
    """Search an HDF5 file's bytes for Keras code layers and for pickles, plain or as base64."""
    told: set[str] = set()
    for _, chunk in data.chunks(OVERLAP):
        for found in _LAMBDA.finditer(chunk):
            problem = _CODE.get((found[1] or b"Lambda").decode(), _CODE["Lambda"])
            if problem not in told:
                told.add(problem)
                yield _hit(context, problem)
        for found in _BASE64.finditer(chunk):
            yield from _once(told, context, found[0])
        for found in _PICKLE.finditer(chunk):
            content = chunk[found.start() : found.start() + 2**20]
            if walk(Data.of(content).file).called:  # most matches are numbers
                yield from _once(told, context, content)


def _once(told: set[str], context: Context, content: bytes) -> Iterator[Report]:
    """Inspect what may be a pickle; only findings count."""
    if len(told) > 64:
        return
    name = "base64" if content[:1] == b"g" else "bytes"
    if name == "base64":
        content = b"".join(content.split())
        content = content[: len(content) // 4 * 4]
        yield from _pickled(told, context, content)
    for report in context.embedded(content, name):
        if isinstance(report, Hit) and report.key not in told:
            told.add(report.key)
            yield report


def _pickled(told: set[str], context: Context, text: bytes) -> Iterator[Hit]:
    """Report a whole pickle written as base64, whatever it holds."""
    found = walk(Data.of(base64.b64decode(text)).file)
    if not found.reason and found.opcodes > 3 and "base64" not in told:
        told.add("base64")
        yield Hit(
            "MOD-03",
            "high",
            f"{context.name} holds a pickle as base64 text",
            key=f"base64 {context.name.partition('!')[2]}",
        )


def _hit(context: Context, problem: str) -> Hit:
    return Hit(
        "MOD-04",
        "high",
        f"the Keras model {context.name} holds {problem}",
        key=f"keras {problem[:60]} {context.name.partition('!')[2]}",
        advice="do not load it; build the architecture in code and load the weights alone",
    )
