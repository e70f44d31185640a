"""The graph: techniques in layers by tactic, joined by the capabilities they grant and need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, Final

from redqubit.killchain.model import Capability, Tactic, Technique
from redqubit.report.frame import px
from redqubit.report.labels import spread, wrap
from redqubit.report.markup import Safe, join, tag
from redqubit.report.wording import plural
from redqubit.serve.index import Index
from redqubit.serve.page import Page, Site, address

COLUMN: Final = 111.0
TEXT: Final = 88.0  # the part of a column that names take; the rest is for capabilities
FONT: Final = 8.2  # of the estimate, which is for the widest letters; drawn at 10.5
LINE: Final = 12.5
GAP: Final = 7.0
HEAD: Final = 44.0
DOT: Final = 7.0


@dataclass(frozen=True)
class Node:
    """A technique in the drawing: its column, the middle of its lines, and the lines."""

    item: Technique
    column: int
    y: float
    lines: tuple[str, ...]


def pages(site: Site) -> Iterator[Page]:
    """Yield the page."""
    yield site.html(
        "graph.html",
        "graph.html",
        "Graph",
        lambda: _context(site),
        scripts=(
            "data/reason.js",
            "static/list.js",
            "static/layers.js",
            "static/graph.js",
        ),
    )


def _context(site: Site) -> Mapping[str, Any]:
    index = site.index
    used = [
        (item, index.held_by[item.id], index.granted_by[item.id], index.required_by[item.id])
        for item in site.chain.capabilities
        if index.granted_by[item.id] or index.required_by[item.id]
    ]
    groups = [(tactic, _members(index, tactic)) for tactic in site.chain.tactics]
    return {
        "capabilities": used,
        "groups": [(tactic, members) for tactic, members in groups if members],
        "drawing": draw(index),
        "told": f"{plural(len(site.chain.techniques), 'technique')} joined by "
        f"{len(used)} capabilities",
    }


def _members(index: Index, tactic: Tactic) -> list[Technique]:
    """Return the techniques whose first tactic this is, variants after what they refine."""
    order = {item.id: item.order for item in index.chain.tactics}
    mine = [
        t
        for t in index.in_tactic[tactic.id]
        if min(order[name] for name in t.tactics) == tactic.order
    ]
    return sorted(mine, key=lambda item: item.id)


def draw(index: Index) -> Safe:
    """Draw every technique under its first tactic, and every capability as a point between."""
    columns = [_members(index, tactic) for tactic in index.chain.tactics]
    nodes = {node.item.id: node for i, group in enumerate(columns) for node in _stack(i, group)}
    height = max((node.y + LINE * len(node.lines) for node in nodes.values()), default=HEAD) + GAP
    dots = _dots(index, nodes, height)
    heads = [
        tag("text", line, x=px(COLUMN * i), y=px(14 + LINE * j), class_="tactic")
        for i, tactic in enumerate(index.chain.tactics)
        for j, line in enumerate(wrap(tactic.name, FONT, TEXT, most=2))
    ]
    edges = [edge for word, place in dots.items() for edge in _edges(index, nodes, word, place)]
    points = [
        tag(
            "circle",
            tag("title", item.name),
            cx=px(dots[item.id][0]),
            cy=px(dots[item.id][1]),
            r=2.2,
            data_c=item.id,
        )
        for item in index.chain.capabilities
        if item.id in dots
    ]
    width = COLUMN * len(index.chain.tactics)
    return tag(
        "svg",
        tag("title", "Every technique and what joins them", id="whole-title"),
        tag("desc", "The list below says the same in words.", id="whole-desc"),
        *heads,
        tag("g", *edges),
        tag("g", *points),
        *map(_label, nodes.values()),
        viewBox=f"0 0 {px(width)} {px(height)}",
        class_="whole",
        role="group",
        aria_labelledby="whole-title whole-desc",
    )


def _stack(column: int, group: Sequence[Technique]) -> Iterator[Node]:
    top = HEAD
    for item in group:
        lines = wrap(item.name, FONT, TEXT, most=4)
        tall = LINE * len(lines)
        yield Node(item, column, top + tall / 2, lines)
        top += tall + GAP


def _dots(index: Index, nodes: Mapping[str, Node], height: float) -> dict[str, tuple[float, float]]:
    """Place each capability between columns, near the middle of its techniques.

    It stands right of the first technique that grants it, or left of the first that needs it.
    """
    gutters: defaultdict[int, list[tuple[Capability, float]]] = defaultdict(list)
    for item in index.chain.capabilities:
        granting = [nodes[t.id] for t in index.granted_by[item.id]]
        needing = [nodes[t.id] for t in index.required_by[item.id]]
        if granting or needing:
            first = granting or needing
            gutter = min(node.column for node in first) - (not granting)
            gutters[max(0, gutter)].append((item, fmean(n.y for n in (*granting, *needing))))
    places: dict[str, tuple[float, float]] = {}
    for gutter, members in gutters.items():
        ys = spread([y for _, y in members], [DOT] * len(members), HEAD, height - GAP)
        x = COLUMN * gutter + TEXT + (COLUMN - TEXT) / 2
        places |= {item.id: (x, y) for (item, _), y in zip(members, ys, strict=True)}
    return places


def _edges(
    index: Index, nodes: Mapping[str, Node], word: str, place: tuple[float, float]
) -> Iterator[Safe]:
    """Draw what leads to a capability and away from it, one line a technique."""
    x, y = place
    for item in index.granted_by[word]:
        node = nodes[item.id]
        d = _curve(COLUMN * node.column + TEXT, node.y, x, y)
        yield tag("path", d=d, data_from=item.id, data_c=word)
    for item in index.required_by[word]:
        node = nodes[item.id]
        d = _curve(x, y, COLUMN * node.column - 3, node.y)
        yield tag("path", d=d, data_to=item.id, data_c=word)


def _curve(x0: float, y0: float, x1: float, y1: float) -> str:
    bend = max(abs(x1 - x0) / 2, 10.0)
    return f"M{px(x0)} {px(y0)}C{px(x0 + bend)} {px(y0)} {px(x1 - bend)} {px(y1)} {px(x1)} {px(y1)}"


def _label(node: Node) -> Safe:
    x, top = px(COLUMN * node.column), node.y - LINE * len(node.lines) / 2 + LINE - 3
    spans = [tag("tspan", line, x=x, y=px(top + LINE * i)) for i, line in enumerate(node.lines)]
    text = tag("text", *spans)
    title = tag("title", f"{node.item.name} ({node.item.id})")
    return tag("a", join(title, text), href=address(node.item), data_t=node.item.id)
