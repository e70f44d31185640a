"""Loops over what a connection or a queue receives: ``async for message in websocket``."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.sources import Entry

if TYPE_CHECKING:
    from redqubit.scan.static.scope import Binding

_SOCKETS: Final = re.compile(
    r"(?:^|[._])(?:ws|web_?socket|wsock)(?:\.iter_(?:json|text|bytes)\(\))?$|^pub_?sub\.listen\(\)$",
    re.IGNORECASE,
)
_QUEUES: Final = re.compile(
    r"(?:^|[._])(?:conn|connection|subscriber|subscription|consumer|pub_?sub|mqtt)"
    r"(?:\.(?:messages|listen\(\)|iterator\(\)))?$|(?:client|queue)\.(?:messages|iterator\(\))$",
    re.IGNORECASE,
)


def of_loop(binding: Binding) -> Entry | None:
    """Return what a loop over a connection brings in, None for any other loop."""
    loop = binding.node
    if not isinstance(loop, ast.For | ast.AsyncFor | ast.comprehension):
        return None
    if not isinstance(loop.iter, ast.Name | ast.Attribute | ast.Call):
        return None
    waits = isinstance(loop, ast.AsyncFor) or (
        isinstance(loop, ast.comprehension) and bool(loop.is_async)
    )
    told = ast.unparse(loop.iter)
    if _SOCKETS.search(told) or (waits and _QUEUES.search(told)):
        return Entry("request", f"messages of {told}", loop.iter)
    return None
