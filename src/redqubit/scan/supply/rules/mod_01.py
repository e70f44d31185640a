"""A pickle imports something that is not on the list of harmless globals.

## What

Files that are pickles, whatever they are called: plain pickles of protocol 0 to 5, PyTorch
archives (zip, tar and the older form), joblib files with or without compression, NumPy arrays of
objects, and pickles inside other pickles, archives, texts or JSON. Their instructions are followed
without being executed, and every global they import is compared with a fixed list of what models
and arrays need (NumPy, PyTorch, scikit-learn, PennyLane, plain containers).

## Why bad

Loading a pickle executes it: it may call any function of any installed package with any argument.
Whoever can change a model file can run code where it is loaded. Lists of forbidden functions are
passed again and again, so everything that is not known to be harmless is reported, as are imports
and calls whose target is only computed while loading.

## Example

A model downloaded from a hub imports `posix.system` and calls it before it returns the weights.

## Instead

Keep weights in safetensors or `.npz` without objects, load PyTorch files with
`weights_only=True`, and check a signed manifest before loading. For classes of your own that a
pickle needs, name them in the setting `allow`.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.supply.data import Context, Data
from redqubit.scan.supply.hit import Hit, Report, Unread
from redqubit.scan.supply.pickle_machine import LOADER, Event, Name, Walk, walk
from redqubit.scan.supply.pickle_names import constructs, trust

ID: Final = "MOD-01"
NAME: Final = "Code in a pickle"
SEVERITY: Final[Severity] = "critical"
CWE: Final = (502,)
FRAMEWORKS: Final = ("*",)
ADVICE: Final = (
    "do not load it; get the weights as safetensors or .npz from a source you can verify, or name "
    "what is yours in the setting allow"
)
BYTES: Final = 2**30
STREAMS: Final = 64
NAMED: Final = 4


def check(data: Data, context: Context, *, certain: bool) -> Iterator[Report]:
    """Follow every pickle in a row from the start of ``data``.

    Parameters
    ----------
    data
        Starts with a pickle, or with what may be one.
    context
        Where it stands.
    certain
        Whether the first bytes say that it is one; if not, only a pickle that is whole or that
        calls something counts.
    """
    if data.size > BYTES:
        yield Unread(f"{context.name}: a pickle of over {BYTES // 2**30} GiB")
        return
    offset = 0
    walks: list[Walk] = []
    while offset < data.size and len(walks) < STREAMS:
        found = walk(data.file, offset)
        if not (certain or found.called or (not found.reason and _worth(found))):
            break
        walks.append(found)
        if found.reason or found.end <= offset:
            break
        offset = found.end
        certain = data.at(offset, 1) == b"\x80"
    yield from judge(walks, context)
    for found in walks:
        for content in found.nested:
            yield from _nested(content, context)


def _worth(found: Walk) -> bool:
    return bool(found.events) or found.opcodes > 3


def judge(walks: list[Walk], context: Context) -> Iterator[Report]:
    """Report what the pickles of one file import beyond the list, in one finding."""
    named: dict[Name, bool] = {}  # whether it is called
    computed: set[str] = set()
    for event in (event for found in walks for event in found.events):
        _count(event, named, computed, context)
    if named or computed:
        yield _hit(named, computed, context)
    for found in walks:
        if found.reason:
            yield Unread(f"{context.name}: a pickle that cannot be followed: {found.reason}")


def _count(event: Event, named: dict[Name, bool], computed: set[str], context: Context) -> None:
    name = event.name
    if event.kind == "extension":
        computed.add("a registered extension")
    elif name is None:
        computed.add(
            "a global whose name it computes" if "import" in event.kind else "a computed call"
        )
    elif event.kind == "patch" or (name != LOADER and trust(name, context.allow) != "known"):
        named[name] = named.get(name, False) or event.kind == "call"


def _hit(named: dict[Name, bool], computed: set[str], context: Context) -> Hit:
    order = sorted(named, key=lambda name: (trust(name) != "dangerous", not named[name], str(name)))
    shown = ", ".join(f"{'calls' if named[name] else 'imports'} {name}" for name in order[:NAMED])
    more = f" and {len(order) - NAMED} more" if len(order) > NAMED else ""
    what = f"{shown}{more}" if order else f"uses {' and '.join(sorted(computed))}"
    dangerous = bool(computed) or any(trust(name) == "dangerous" for name in order)
    builds = not dangerous and all(constructs(name) for name in order)
    return Hit(
        ID,
        "critical" if dangerous else "medium" if builds else "high",
        f"the pickle {context.name} {what}, which no array or known model needs; loading it runs "
        "that code",
        key=" ".join([*map(str, order), *sorted(computed), context.name.partition("!")[2]]),
    )


def _nested(content: bytes, context: Context) -> Iterator[Report]:
    """Inspect bytes in a pickle that look like something a loader would unpack again."""
    if content[:1] == b"\x80" or content[:2] in (b"PK", b"\x1f\x8b"):
        yield from context.deeper(content, "bytes")
        return
    if content[:2] in (b"gA", b"eJ", b"eN", b"eA", b"H4"):
        try:
            content = base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError):
            return
        yield from context.deeper(content, "base64")
        return
    found = walk(Data.of(content).file)
    if found.called:
        yield from context.deeper(content, "bytes")
