"""The whole kill chain as Markdown: one document, or a page for each object.

Texts of the kill chain are plain text, so everything in them that Markdown or HTML would act on is
written out first; ids become links.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from redqubit.killchain.describe import describe
from redqubit.killchain.model import Item, KillChain, Source

SECTIONS: Final = (
    ("tactics", "Tactics"),
    ("techniques", "Techniques"),
    ("mitigations", "Mitigations"),
    ("evidence", "Evidence"),
    ("cases", "Cases"),
    ("claims", "Claims"),
    ("challenges", "Open challenges"),
    ("sources", "Literature"),
)
_ID: Final = re.compile(
    r"\bQML\.(?:TA\d{2}|T\d{4}(?:\.\d{3})?|(?:M|E)\d{4}|(?:CS|CL)\d{3}|OC\d{2})\b"
)
_ACTIVE: Final = re.compile(r"[\\`*\[\]|~$]|(?<![^\W_])_|_(?![^\W_])")
_START: Final = re.compile(  # of a heading, a list or a rule
    r"(?m)^[ \t]*(?:(#{1,6}(?=\s|$)|[+-](?=\s|$)|-{2,}|=+(?=\s*$))|(\d{1,9})([.)](?=\s|$)))"
)


def write(chain: KillChain) -> str:
    """Return a kill chain as one Markdown document with a table of contents."""
    clean = cleaned(chain)
    made = [*_head(clean), "## Contents", ""]
    for name, title in SECTIONS:
        made.append(f"- [{title}](#{name})")
        made += [f"  - [{_label(item)}](#{_anchor(item)})" for item in getattr(clean, name)]
    for name, title in SECTIONS:
        made += ["", f'<a id="{name}"></a>', "", f"## {title}"]
        for item in getattr(clean, name):
            made += ["", f'<a id="{_anchor(item)}"></a>', ""]
            made += _body(clean, item, lambda found: f"#{_anchor(found)}", "##")
    return "\n".join(made).rstrip() + "\n"


def pages(chain: KillChain) -> dict[str, str]:
    """Return a kill chain as Markdown pages by path, such as ``techniques/QML.T0001.md``.

    ``index.md`` links to all of them.
    """
    clean = cleaned(chain)
    place = {item.id: name for name, _ in SECTIONS for item in getattr(clean, name)}
    index = _head(clean)
    made: dict[str, str] = {}
    for name, title in SECTIONS:
        index += ["", f"## {title}", ""]
        for item in getattr(clean, name):
            index.append(f"- [{_label(item)}]({name}/{item.id}.md)")
            lines = _body(clean, item, lambda found: f"../{place[found.id]}/{found.id}.md", "")
            made[f"{name}/{item.id}.md"] = "\n".join(lines).rstrip() + "\n"
    return {"index.md": "\n".join(index).rstrip() + "\n"} | made


def _head(chain: KillChain) -> list[str]:
    edition = chain.edition
    counts = ", ".join(f"{len(getattr(chain, name))} {name}" for name, _ in SECTIONS)
    return [f"# {edition.name}", "", f"Edition {edition.content}: {counts}.", ""]


def _anchor(item: Item) -> str:
    return f"source-{item.id}" if isinstance(item, Source) else item.id


def _label(item: Item) -> str:
    if isinstance(item, Source):
        return item.title
    name = getattr(item, "name", None) or getattr(item, "statement", None)
    return f"{item.id} {name or getattr(item, 'claim', '')}".strip()


def _body(chain: KillChain, item: Item, link: Callable[[Item], str], deeper: str) -> Iterator[str]:
    """Yield the description of an object with headings moved down and ids as links."""

    def linked(found: re.Match[str]) -> str:
        other = chain.by_id.get(found[0])
        return f"[{found[0]}]({link(other)})" if other and other.id != item.id else found[0]

    for line in describe(item, chain).rstrip("\n").split("\n"):
        if line.startswith("#"):
            yield f"{deeper}{line}"
        else:
            yield _ID.sub(linked, line)


def cleaned(chain: KillChain) -> KillChain:
    """Return a kill chain whose texts Markdown shows as they are; ids stay what they were."""
    made: KillChain = _clean(chain)
    return made


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, tuple):
        return tuple(map(_clean, value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return type(value)(**{field.name: _clean(getattr(value, field.name)) for field in fields})
    return value


def plain(text: str) -> str:
    """Return text that Markdown shows as it is; a line break alone is a space."""
    if text.isalnum():
        return text
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    return "\n\n".join(_paragraph(part) for part in parts)


def _paragraph(text: str) -> str:
    kept = "".join(x if x.isprintable() else " " if x.isspace() else "\ufffd" for x in text)
    kept = kept.strip()
    kept = kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    kept = _ACTIVE.sub(lambda found: f"\\{found[0]}", kept)
    return _START.sub(
        lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", kept
    )
