"""A line chart on a logarithmic axis as SVG: direct labels, light and dark theme."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 214, 52, 46
LABEL_GAP, LABEL_WIDTH = 15, 150

STYLE = """
  :root { --ground: #fdfdfc; --ink: #1c1b22; --quiet: #6d6a75; --line: #d9d7de; --own: #5b2bb0 }
  @media (prefers-color-scheme: dark) {
    :root { --ground: #17161c; --ink: #eceaf2; --quiet: #a19dad; --line: #37343f; --own: #b79bff }
  }
  .ground { fill: var(--ground) }
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--quiet);
         font-variant-numeric: tabular-nums; paint-order: stroke; stroke: var(--ground);
         stroke-width: 5px; stroke-linejoin: round }
  .title { font-weight: 600; font-size: 15px; fill: var(--ink) }
  .grid { stroke: var(--line); stroke-width: 1 }
  .line { fill: none; stroke: var(--quiet); stroke-width: 1.5 }
  .dot { fill: var(--quiet) }
  .own.line { stroke: var(--own); stroke-width: 2.5 } .own.dot { fill: var(--own) }
  text.own { fill: var(--own); font-weight: 600 }
"""


@dataclass(frozen=True)
class Line:
    """A curve: its label, points (x, y > 0) in order of x, and whether it is ours."""

    name: str
    points: tuple[tuple[float, float], ...]
    own: bool = False


def draw(title: str, x_label: str, y_label: str, lines: Sequence[Line], summary: str) -> str:
    """Return the chart.

    Parameters
    ----------
    title, x_label, y_label
        Text of the chart; labels carry units.
    lines
        At least one, each with at least one point; x is spaced linearly, y by its logarithm.
    summary
        One sentence for readers without sight.
    """
    xs = sorted({x for line in lines for x, _ in line.points})
    ys = [y for line in lines for _, y in line.points]
    low, high = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))
    high = max(high, low + 1)

    def across(x: float) -> float:
        span = xs[-1] - xs[0] or 1.0
        return LEFT + (x - xs[0]) / span * (WIDTH - LEFT - RIGHT)

    def down(y: float) -> float:
        return HEIGHT - BOTTOM - (math.log10(y) - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="title description">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="description">{escape(summary)}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}"/>',
        f'<text class="title" x="{LEFT - 44}" y="22">{escape(title)}</text>',
        f'<text x="{LEFT - 44}" y="40">{escape(y_label)}</text>',
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 10}" text-anchor="middle">'
        f"{escape(x_label)}</text>",
    ]
    for exponent in range(low, high + 1):
        y = down(10.0**exponent)
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**exponent:g}</text>'
        )
    for x in xs:
        parts.append(
            f'<text x="{across(x):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">'
            f"{x:g}</text>"
        )
    for own in (False, True):  # our line lies above the labels, theirs below
        for line in lines:
            if line.own == own:
                parts += _line(line, across, down)
        if not own:
            parts += _labels(lines, across, down)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _line(
    line: Line, across: Callable[[float], float], down: Callable[[float], float]
) -> list[str]:
    """Return a line and its points."""
    kind = " own" if line.own else ""
    path = "L".join(f"{across(x):.1f} {down(y):.1f}" for x, y in line.points)
    dots = [
        f'<circle class="dot{kind}" cx="{across(x):.1f}" cy="{down(y):.1f}" r="3"/>'
        for x, y in line.points
    ]
    return [f'<path class="line{kind}" d="M{path}"/>', *dots]


def _labels(
    lines: Sequence[Line], across: Callable[[float], float], down: Callable[[float], float]
) -> list[str]:
    """Return the names at the right ends of the lines, pushed apart where they would overlap."""
    placed = []
    ends = sorted(
        ((across(line.points[-1][0]), down(line.points[-1][1]), line) for line in lines),
        key=lambda end: end[1],
    )
    taken: list[tuple[float, float]] = []
    for x, y, line in ends:
        place = y
        while any(abs(x - a) < LABEL_WIDTH and abs(place - b) < LABEL_GAP for a, b in taken):
            place += 1
        taken.append((x, place))
        kind = ' class="own"' if line.own else ""
        placed.append(f'<text{kind} x="{x + 8:.1f}" y="{place + 4:.1f}">{escape(line.name)}</text>')
    return placed
