"""What a technique requires and what it enables, drawn in layers from left to right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from redqubit.killchain.model import Capability, Technique
from redqubit.killchain.requirement import Requirement
from redqubit.report.frame import px
from redqubit.report.labels import wrap
from redqubit.report.markup import Safe, join, tag
from redqubit.serve.index import Index

WIDTH: Final = 1030.0
FONT: Final = 12.5
ROW: Final = 18.0  # a line of text
GAP: Final = 14.0  # between capabilities
SLACK: Final = 1.12  # widths are estimated for semibold text, and these names are not
MOST: Final = 4  # techniques named beside a capability; the list names all
LEFT, NEED, CENTER, GRANT, RIGHT = (
    (0.0, 232.0),
    (262.0, 404.0),
    (452.0, 584.0),
    (626.0, 768.0),
    (798.0, WIDTH),
)


@dataclass(frozen=True)
class Need:
    """A capability in a requirement: who starts with it and which techniques grant it."""

    capability: Capability
    actors: tuple[str, ...]
    techniques: tuple[Technique, ...]


@dataclass(frozen=True)
class Group:
    """Entries of which all are needed, or one."""

    every: bool
    entries: tuple[Group | Need, ...]


@dataclass(frozen=True)
class Grant:
    """A capability that a technique grants, and the techniques that need it."""

    capability: Capability
    techniques: tuple[Technique, ...]


def needs(index: Index, requirement: Requirement) -> Group:
    """Return a requirement with the ways to meet each of its capabilities.

    Parts that ask for nothing are left out, and so are alternatives of which one asks for nothing.
    """
    capabilities = {item.id: item for item in index.chain.capabilities}

    def entry(word: str | Requirement) -> Group | Need:
        if isinstance(word, Requirement):
            return needs(index, word)
        actors = tuple(actor.name for actor in index.held_by[word])
        return Need(capabilities[word], actors, index.granted_by[word])

    every = tuple(filter(_asks, map(entry, requirement.all)))
    some = tuple(map(entry, requirement.any))
    if not some or not all(map(_asks, some)):
        return Group(True, every)
    return Group(True, (*every, Group(False, some))) if every else Group(False, some)


def _asks(entry: Group | Need) -> bool:
    return isinstance(entry, Need) or bool(entry.entries)


def grants(index: Index, item: Technique) -> tuple[Grant, ...]:
    """Return the capabilities a technique grants, each with the techniques that need it."""
    capabilities = {entry.id: entry for entry in index.chain.capabilities}
    return tuple(
        Grant(capabilities[name], tuple(t for t in index.required_by[name] if t.id != item.id))
        for name in item.grants
    )


def draw(item: Technique, needed: Group, granted: Sequence[Grant], root: str) -> Safe | None:
    """Draw the neighborhood of a technique, or nothing where it has none.

    Parameters
    ----------
    root
        Leads from the page to the root of the site, for the links.
    """
    leaves = list(_leaves(needed))
    if not leaves and not granted:
        return None
    left = [_side(_beside(need), need.capability) for need in leaves]
    right = [_side(_named(grant.techniques), grant.capability) for grant in granted]
    name = wrap(item.name, FONT, CENTER[1] - CENTER[0] - 16, most=5)
    height = max(_height(left), _height(right), ROW * len(name) + 24) + 8
    middle = height / 2
    places = _places(left, height)
    told = (
        f"{item.name} requires {len(leaves)} and grants {len(granted)} capabilities; "
        "the list below names all techniques behind them."
    )
    return tag(
        "svg",
        tag("title", f"What {item.name} requires and enables", id="neighborhood-title"),
        tag("desc", told, id="neighborhood-desc"),
        *_requirement(needed, places, middle),
        *(
            _cluster(side, y, LEFT, NEED, root, inward=True)
            for side, y in zip(left, places, strict=True)
        ),
        *(
            join(
                _wire(CENTER[1], middle, GRANT[0], y, "edge"),
                _cluster(side, y, RIGHT, GRANT, root, inward=False),
            )
            for side, y in zip(right, _places(right, height), strict=True)
        ),
        _center(name, middle),
        viewBox=f"0 0 {px(WIDTH)} {px(height)}",
        class_="neighborhood",
        role="group",
        aria_labelledby="neighborhood-title neighborhood-desc",
    )


def _requirement(needed: Group, places: Sequence[float], middle: float) -> Iterator[Safe]:
    """Draw the lines from the capabilities to the technique."""
    order = iter(places)
    for entry in needed.entries if needed.every else (needed,):
        drawn, x, y = _wires(entry, order)
        yield join(drawn, _wire(x, y, CENTER[0], middle, "edge"))


@dataclass(frozen=True)
class _Side:
    """A capability and the lines of text beside it, each with the technique it links to."""

    lines: tuple[tuple[str, Technique | None], ...]
    name: tuple[str, ...]

    @property
    def height(self) -> float:
        """Return the height in pixels; the name stands above the line, so it counts twice."""
        return ROW * max(len(self.lines), 2 * len(self.name) - 0.4)


def _side(lines: tuple[tuple[str, Technique | None], ...], capability: Capability) -> _Side:
    return _Side(lines, wrap(capability.name, FONT, NEED[1] - NEED[0], most=2))


def _beside(need: Need) -> tuple[tuple[str, Technique | None], ...]:
    start = f"from the start: {', '.join(need.actors)}" if need.actors else ""
    return (*(((start, None),) if start else ()), *_named(need.techniques))


def _named(techniques: Sequence[Technique]) -> tuple[tuple[str, Technique | None], ...]:
    rest = len(techniques) - MOST
    shown = techniques if rest <= 1 else techniques[:MOST]
    lines: list[tuple[str, Technique | None]] = [(item.name, item) for item in shown]
    return (*lines, *([(f"and {rest} more", None)] if rest > 1 else []))


def _leaves(group: Group) -> Iterator[Need]:
    for entry in group.entries:
        if isinstance(entry, Need):
            yield entry
        else:
            yield from _leaves(entry)


def _height(sides: Sequence[_Side]) -> float:
    return sum(side.height + GAP for side in sides) - GAP if sides else 0.0


def _places(sides: Sequence[_Side], height: float) -> list[float]:
    """Return the middle of each side, stacked and centered."""
    top = (height - _height(sides)) / 2
    found = []
    for side in sides:
        found.append(top + side.height / 2)
        top += side.height + GAP
    return found


def _cluster(
    side: _Side,
    y: float,
    outer: tuple[float, float],
    inner: tuple[float, float],
    root: str,
    *,
    inward: bool,
) -> Safe:
    """Draw a capability with the techniques beside it and the lines between."""
    parts = [tag("path", d=f"M{px(inner[0])} {px(y)}H{px(inner[1])}", class_="edge")]
    top = y - ROW * (len(side.lines) - 1) / 2
    for i, (text, item) in enumerate(side.lines):
        line = top + ROW * i
        (cut,) = wrap(text, FONT, SLACK * (outer[1] - outer[0] - 4), most=1)
        x, anchor = (outer[1] - 4, "end") if inward else (outer[0] + 4, "start")
        label = tag("text", cut, x=px(x), y=px(line + 4), class_=anchor)
        if item is not None:
            label = tag("a", label, href=f"{root}technique/{item.id}.html")
        near, far = (outer[1], inner[0]) if inward else (inner[1], outer[0])
        ends = (near, line, far, y) if inward else (near, y, far, line)
        parts += [_wire(*ends, "whisper"), label]
    top = y - 6 - ROW * (len(side.name) - 1)
    parts += [
        tag("text", text, x=px(inner[0]), y=px(top + ROW * i), class_="capability")
        for i, text in enumerate(side.name)
    ]
    return tag("g", *parts)


def _wires(
    entry: Group | Need, places: Iterator[float], level: int = 0
) -> tuple[Safe, float, float]:
    """Draw how the parts of an entry come together; return the drawing and where it ends."""
    if isinstance(entry, Need):
        return join(), NEED[1], next(places)
    inside = [_wires(part, places, level + 1) for part in entry.entries]
    x, y = CENTER[0] - 30 - 22 * level, sum(y for _, _, y in inside) / len(inside)
    knot = join(
        tag("circle", cx=px(x), cy=px(y), r=9, class_="knot"),
        tag("text", "all" if entry.every else "or", x=px(x), y=px(y + 3.5), class_="word"),
    )
    lines = [join(drawn, _wire(x0, y0, x, y, "edge")) for drawn, x0, y0 in inside]
    return join(*lines, knot), x + 9, y


def _center(name: Sequence[str], middle: float) -> Safe:
    tall = ROW * len(name) + 16
    wide = CENTER[1] - CENTER[0]
    frame = tag(
        "rect",
        x=px(CENTER[0]),
        y=px(middle - tall / 2),
        width=px(wide),
        height=px(tall),
        class_="self",
    )
    top = middle - ROW * (len(name) - 1) / 2 + 4.5
    x = px(CENTER[0] + wide / 2)
    lines = [
        tag("text", text, x=x, y=px(top + ROW * i), class_="self") for i, text in enumerate(name)
    ]
    return tag("g", frame, *lines)


def _wire(x0: float, y0: float, x1: float, y1: float, kind: str) -> Safe:
    half = (x0 + x1) / 2
    path = f"M{px(x0)} {px(y0)}C{px(half)} {px(y0)} {px(half)} {px(y1)} {px(x1)} {px(y1)}"
    return tag("path", d=path, class_=kind)
