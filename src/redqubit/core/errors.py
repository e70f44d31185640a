"""Errors with the rule, what came, and what to do; one tree under `RedqubitError`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class RedqubitError(Exception):
    """Base of every error redqubit raises on purpose."""


class InputError(RedqubitError, ValueError):
    """Something the user gave is wrong; the command line exits with 2.

    ``path`` says which entry of a nested input is meant, such as ``steps[2].tactic``.
    """

    def __init__(self, message: str = "", path: str = "") -> None:
        super().__init__(message)
        self.path = path


class WithheldError(RedqubitError, AttributeError):
    """An attack asked a target for knowledge its threat model does not grant."""


class BudgetExceededError(RedqubitError):
    """A query, shot, memory or time budget would be exceeded."""


class MissingExtraError(RedqubitError, ImportError):
    """An optional dependency is not installed; the message names the extra."""


def nearest(name: str, options: Iterable[str]) -> str:
    """Return `` (did you mean 'x'?)`` for the closest option, or an empty string."""
    match = difflib.get_close_matches(name, list(options), n=1, cutoff=0.6)
    return f" (did you mean {match[0]!r}?)" if match else ""


def unknown(kind: str, name: str, options: Iterable[str], path: str = "") -> InputError:
    """Build the error for an unknown ``kind`` called ``name``: the near miss and every option."""
    allowed = sorted(options)
    listing = ", ".join(allowed) if allowed else "none"
    return InputError(f"unknown {kind} {name!r}{nearest(name, allowed)}; allowed: {listing}", path)


def missing_extra(package: str, extra: str, purpose: str) -> MissingExtraError:
    """Build the error that says which extra brings ``package``."""
    return MissingExtraError(
        f"{purpose} needs {package}, which is not installed; run: pip install 'redqubit[{extra}]'"
    )
