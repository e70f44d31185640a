"""HTML, SVG and XML elements that escape whatever they are given."""

from __future__ import annotations

import hashlib
import html
import re

# Not allowed in XML 1.0, and characters that reorder text and so could disguise it.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
    "\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_VOID = frozenset({"meta", "br", "hr", "link", "col"})


class Safe(str):
    """Markup that is already escaped."""

    __slots__ = ()


def clean(value: object) -> str:
    """Return the text with control, surrogate and reordering characters replaced."""
    return _FORBIDDEN.sub("\ufffd", str(value))


def escape(value: object) -> Safe:
    """Return the text ready for element content or a quoted attribute; markup passes unchanged."""
    return value if isinstance(value, Safe) else Safe(html.escape(clean(value), quote=True))


def join(*children: object) -> Safe:
    """Concatenate markup and text; None is nothing."""
    return Safe("".join(escape(child) for child in children if child is not None))


def tag(name: str, /, *children: object, **attributes: object) -> Safe:
    """Build an element.

    Keyword names lose a trailing underscore and turn the others into hyphens (``class_``,
    ``stroke_width``). None and False leave an attribute out; True writes it without a value.
    """
    parts = [name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        attribute = key.removesuffix("_").replace("_", "-")
        parts.append(attribute if value is True else f'{attribute}="{escape(value)}"')
    head = " ".join(parts)
    return Safe(f"<{head}>" if name in _VOID else f"<{head}>{join(*children)}</{name}>")


def slug(value: str) -> str:
    """Return a fragment identifier for a name, different for different names.

    Letters, digits, dots, hyphens and underscores stay; a name that holds anything else gets a
    digest, so that two names never share a fragment.
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", value)
    if plain == value and value:
        return value
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{plain[:40]}-{digest[:8]}"
