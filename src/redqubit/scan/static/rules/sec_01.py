"""A token stands in the source.

## What
An access token of a quantum or cloud provider, a private key or a high-entropy text given as a
token, in code, comments, settings and the outputs of notebooks.

## Why bad
Whoever can read the repository, its history or a shared notebook can run jobs on the account, at
its cost, and read its results. A token stays in the history after it is deleted.

## Example
``service = QiskitRuntimeService(token="<44 characters>")``

## Instead
``QiskitRuntimeService()`` with an account saved outside the repository, or
``os.environ["IBM_QUANTUM_TOKEN"]``; revoke a token that was committed.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Hit, Span
from redqubit.scan.static.secrets import Secret, find

ID: Final = "SEC-01"
NAME: Final = "Token in the source"
SEVERITY: Final[Severity] = "critical"
CWE: Final = (798,)
FRAMEWORKS: Final = ("any",)
TRIGGERS: Final = ()
_SPLIT: Final = re.compile(r"[\"'][ \t]*\n\s*[rRuU]?[\"']")
ADVICE: Final = (
    "Revoke the token now, remove it from the history, and read it from the environment or a "
    "secret store."
)


def check(module: Module) -> Iterator[Hit]:
    """Yield the tokens in code, comments, settings and outputs, never in full."""
    starts = _starts(module.text)
    for secret in [*find(module.text), *_joined(module)]:
        line, column = _position(starts, secret.start)
        end_line, end_column = _position(starts, secret.end)
        yield _hit(module, secret, Span(line, column, end_line, end_column))
    for prose in module.prose:
        inner = _starts(prose.text)
        for secret in find(prose.text):
            line, column = _position(inner, secret.start)
            end_line, end_column = _position(inner, secret.end)
            yield _hit(module, secret, Span(line, column, end_line, end_column, prose.cell))


def _joined(module: Module) -> Iterator[Secret]:
    """Yield the tokens that only show when literals that follow each other are put together."""
    if not _SPLIT.search(module.text):
        return
    known = {(item.start, item.end) for item in find(module.text)}
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if node.lineno == node.end_lineno or "\n" in node.value:
            continue
        for secret in find(node.value):
            start = module.text.find(node.value[secret.start : secret.end])
            end = start + secret.end - secret.start
            if start >= 0 and (start, end) not in known:
                yield replace(secret, start=start, end=end)


def _hit(module: Module, secret: Secret, span: Span) -> Hit:
    document = module.file.startswith(("docs/", "doc/")) or "/docs/" in module.file
    severity: Severity = secret.severity
    if document or module.in_test:
        severity = "medium" if severity == "critical" else "low"
    return Hit(span, f"This is {secret.what} ({secret.redacted}).", severity=severity)


def _starts(text: str) -> list[int]:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _position(starts: list[int], offset: int) -> tuple[int, int]:
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1
