"""Show a docstring's ``Source:`` paragraph before its sections.

Docstrings end with the source of what they describe. A reader of NumPy-style sections takes that
paragraph for another parameter, so the documentation moves it up.
"""

from typing import Any

from griffe import Extension, Object

MARK = "\n\nSource: "
RULE = "\n---"


class SourceParagraph(Extension):
    """Moves the paragraph in every docstring with sections."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        """Move the paragraph of one object."""
        if obj.docstring and MARK in obj.docstring.value and RULE in obj.docstring.value:
            obj.docstring.value = move(obj.docstring.value)


def move(text: str) -> str:
    """Return ``text`` with its source paragraph in front of the first section."""
    start = text.index(MARK)
    end = text.find("\n\n", start + 2)
    end = len(text) if end < 0 else end
    head, source, tail = text[:start], text[start:end], text[end:]
    if RULE not in head:
        return text
    title = head.rindex("\n\n", 0, head.index(RULE))
    return head[:title] + source + head[title:] + tail
