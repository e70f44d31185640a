"""Charts as SVG text: lines with bands and direct labels, and bars with whiskers.

Colors come from the style sheet through classes, so one chart serves light, dark and print.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Final, Literal

from redqubit.core.estimate import Rate
from redqubit.report.frame import (
    BOTTOM,
    FONT,
    LEADING,
    TOP,
    Frame,
    Line,
    LineChart,
    Style,
    axes,
    px,
)
from redqubit.report.labels import spread, text_width, wrap
from redqubit.report.markup import Safe, join, tag
from redqubit.report.wording import interval, number, percent

WHISKERS: Final[tuple[Style, ...]] = ("attack", "published")
_DEPTH: Final[dict[Style, int]] = {
    "control": 0,
    "published": 1,
    "exact": 2,
    "attack": 3,
}


def draw(chart: LineChart, identifier: str, width: float, height: float) -> Safe:
    """Draw a line chart.

    Parameters
    ----------
    chart
        What to draw; must not be empty.
    identifier
        Unique in the document; the ids of title and description derive from it.
    width, height
        In pixels. The height grows where the labels need it.
    """
    limit = min(0.34 * width, 190.0)
    texts = [_label_lines(line, limit) for line in chart.lines]
    sizes = [LEADING * len(text) + 5 for text, line in zip(texts, chart.lines, strict=True)]
    height = max(height, TOP + BOTTOM + sum(sizes) - BOTTOM / 2)
    gutter = 16 + max((text_width(row, FONT) for text in texts for row in text), default=0.0)
    frame = Frame(chart, width, height, min(gutter, limit + 16))
    drawn = [line for line in chart.lines if line.known]
    order = sorted(drawn, key=lambda line: _DEPTH[line.style])
    return tag(
        "svg",
        tag("title", chart.title, id=f"{identifier}-title"),
        tag("desc", chart.description, id=f"{identifier}-desc"),
        axes(frame),
        _gap(frame),
        *(_band(frame, line) for line in order),
        *(_curve(frame, line) for line in order),
        _labels(frame, drawn, limit),
        viewBox=f"0 0 {px(width)} {px(height)}",
        width=px(width),
        height=px(height),
        role="img",
        aria_labelledby=f"{identifier}-title {identifier}-desc",
        class_="chart",
    )


def _gap(frame: Frame) -> Safe | None:
    """Tint the area between two lines, and name it where the words fit inside."""
    if frame.chart.gap is None:
        return None
    lower, upper, words = frame.chart.gap
    below, above = lower.known, upper.known
    if len(below) < 2 or len(above) < 2:
        return None
    start, end = max(below[0][0], above[0][0]), min(below[-1][0], above[-1][0])
    xs = sorted({x for x, _, _ in (*below, *above) if start <= x <= end})
    if len(xs) < 2:
        return None
    under = [(frame.x(x), frame.y(_at(below, x))) for x in xs]
    over = [(frame.x(x), frame.y(_at(above, x))) for x in xs]
    path = " ".join(f"{px(x)},{px(y)}" for x, y in (*over, *reversed(under)))
    return join(tag("polygon", points=path, class_="gap"), _gap_words(under, over, words))


def _gap_words(
    under: Sequence[tuple[float, float]], over: Sequence[tuple[float, float]], words: str
) -> Safe | None:
    rows = wrap(words, FONT, 130, most=3)
    wide = max(text_width(row, FONT) for row in rows) + 12
    tall = LEADING * len(rows) + 10
    best: tuple[float, float, float] | None = None  # (room, x, y)
    first, last = over[0][0], over[-1][0]
    for i in range(41):
        left = first + (last - first - wide) * i / 40
        if left < first or last - first < wide:
            continue
        edges = [left, left + wide, *(x for x, _ in over if left < x < left + wide)]
        top = max(_between(over, x) for x in edges)
        bottom = min(_between(under, x) for x in edges)
        room = bottom - top - tall
        if room >= 0 and (best is None or room > best[0]):
            best = (room, left + wide / 2, (top + bottom) / 2)
    if best is None:
        return None
    _, x, y = best
    top = y - LEADING * len(rows) / 2 + FONT - 1
    spans = [tag("tspan", row, x=px(x), y=px(top + LEADING * i)) for i, row in enumerate(rows)]
    return tag("text", *spans, class_="label gap-words mid", aria_hidden="true")


def _at(known: Sequence[tuple[float, Rate, float]], x: float) -> float:
    return _between([(position, value) for position, _, value in known], x)


def _between(points: Sequence[tuple[float, float]], x: float) -> float:
    """Interpolate linearly between neighboring points."""
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        if x0 <= x <= x1:
            return y0 if x1 == x0 else y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[0][1] if x < points[0][0] else points[-1][1]


def _band(frame: Frame, line: Line) -> Safe | None:
    """Draw the interval as a band; attack and published certificate carry whiskers instead."""
    if line.style in WHISKERS or len(line.known) < 2:
        return None
    lows = [(frame.x(x), frame.y(rate.low or 0.0)) for x, rate, _ in line.known]
    highs = [(frame.x(x), frame.y(rate.high or 0.0)) for x, rate, _ in line.known]
    path = " ".join(f"{px(x)},{px(y)}" for x, y in (*highs, *reversed(lows)))
    return tag("polygon", points=path, class_=f"band {line.style}")


def _curve(frame: Frame, line: Line) -> Safe:
    segments: list[list[str]] = [[]]
    for point in line.points:
        if point.rate.value is None or not math.isfinite(point.x):
            segments.append([])  # what could not be judged leaves a hole
        else:
            segments[-1].append(f"{px(frame.x(point.x))},{px(frame.y(point.rate.value))}")
    paths = [
        tag("polyline", points=" ".join(segment), class_="line")
        for segment in segments
        if len(segment) > 1
    ]
    marks = [_mark(frame, line, x, rate, value) for x, rate, value in line.known]
    return tag("g", *paths, *marks, class_=f"series {line.style}")


def _mark(frame: Frame, line: Line, x: float, rate: Rate, value: float) -> Safe:
    left, top = frame.x(x), frame.y(value)
    told = f"{line.name} at {number(x)}: {percent(value)} ({interval(rate)}, n = {rate.n:,})"
    parts: list[Safe] = [tag("title", told)]
    if line.style in WHISKERS or len(line.known) == 1:
        low, high = frame.y(rate.low or 0.0), frame.y(rate.high or 0.0)
        parts.append(_whisker(left, low, high))
    if line.style in ("exact", "published"):
        r = 4.0
        path = f"M{px(left)} {px(top - r)}l{r} {r}l{-r} {r}l{-r} {-r}z"
        parts.append(tag("path", d=path, class_="mark"))
    else:
        radius = 2.4 if line.style == "control" else 3.2
        parts.append(tag("circle", cx=px(left), cy=px(top), r=radius, class_="mark"))
    return tag("g", *parts)


def _whisker(x: float, low: float, high: float) -> Safe:
    path = f"M{px(x)} {px(low)}V{px(high)}M{px(x - 3)} {px(low)}h6M{px(x - 3)} {px(high)}h6"
    return tag("path", d=path, class_="whisker")


def _label_lines(line: Line, limit: float) -> tuple[str, ...]:
    known = line.known
    last = percent(known[-1][2]) if known else ""
    return (*wrap(line.name, FONT, limit), last)


def _labels(frame: Frame, lines: Sequence[Line], limit: float) -> Safe:
    """Write each line's name and last value beside its end, moved apart where they would meet.

    A line that ends early carries its label at its end where nothing else is in the way; all
    other labels stand in the gutter.
    """
    texts = [_label_lines(line, limit) for line in lines]
    paths = [[(frame.x(x), frame.y(value)) for x, _, value in line.known] for line in lines]
    parts: list[Safe] = []
    gutter: list[int] = []
    taken: list[Box] = []
    for i, line in enumerate(lines):
        box = _beside(frame, paths[i][-1], texts[i])
        others = [path for j, path in enumerate(paths) if j != i]
        if box[2] > frame.right or _meets(box, taken) or any(_crosses(box, p) for p in others):
            gutter.append(i)
        else:
            taken.append(box)
            parts.append(_label(line, texts[i], box[0], (box[1] + box[3]) / 2))
    centers = spread(
        [paths[i][-1][1] for i in gutter],
        [LEADING * len(texts[i]) + 5 for i in gutter],
        TOP - LEADING,
        frame.height - BOTTOM / 2,
    )
    for i, center in zip(gutter, centers, strict=True):
        (x, y), left = paths[i][-1], frame.right + 12
        early = x < frame.right - 12
        if early or abs(center - y) > 5:
            bend = max(x + 6, left - 9)
            path = f"M{px(x + 6)} {px(y)}H{px(bend)}L{px(left - 3)} {px(center)}"
            parts.append(tag("path", d=path, class_="leader far" if early else "leader"))
        parts.append(_label(lines[i], texts[i], left, center))
    return tag("g", *parts, aria_hidden="true", class_="labels")


Box = tuple[float, float, float, float]  # left, top, right, bottom


def _label(line: Line, text: Sequence[str], left: float, center: float) -> Safe:
    top = center - LEADING * len(text) / 2 + FONT - 1.5
    spans = [
        tag("tspan", row, x=px(left), y=px(top + LEADING * i), class_="value" if last else None)
        for i, row in enumerate(text)
        for last in (i == len(text) - 1,)
    ]
    return tag("text", *spans, class_=f"label {line.style}")


def _beside(frame: Frame, end: tuple[float, float], text: Sequence[str]) -> Box:
    """Return the box of a label right of a line's end, moved up or down into the frame."""
    half = LEADING * len(text) / 2
    center = min(max(end[1], TOP - LEADING + half), frame.bottom - half)
    left = end[0] + 10
    wide = max(text_width(row, FONT) for row in text)
    return left, center - half, left + wide, center + half


def _meets(box: Box, others: Sequence[Box]) -> bool:
    left, top, right, bottom = box
    return any(a < right and left < c and b < bottom and top < d for a, b, c, d in others)


def _crosses(box: Box, path: Sequence[tuple[float, float]]) -> bool:
    """Say whether a line comes within a few pixels of the box."""
    left, top, right, bottom = box[0] - 8, box[1] - 6, box[2] + 4, box[3] + 6
    inside = [y for x, y in path if left <= x <= right]
    inside += [_between(path, x) for x in (left, right) if path[0][0] <= x <= path[-1][0]]
    return bool(inside) and min(inside) < bottom and max(inside) > top


def bar(rate: Rate | None, style: Literal["attack", "control", "analogue", "defended"]) -> Safe:
    """Draw one rate as a bar from zero with its interval as a whisker; hidden from readers.

    The drawing takes the width of its cell; the number stands in the cell beside it.
    """
    grid = [
        tag("line", x1=f"{x}%", x2=f"{x}%", y1=0, y2="100%", class_="grid") for x in (0, 50, 100)
    ]
    parts: list[Safe] = []
    if rate is not None and rate.value is not None:
        low, high = 100 * (rate.low or 0.0), 100 * (rate.high or 0.0)
        parts = [
            tag("rect", x=0, y=7, height=8, width=f"{100 * rate.value:.2f}%", class_="bar"),
            *(
                tag("line", x1=f"{low:.2f}%", x2=f"{high:.2f}%", y1=11, y2=11, class_=name)
                for name in ("halo", "whisker")
            ),
            *(
                tag("line", x1=f"{end:.2f}%", x2=f"{end:.2f}%", y1=8, y2=14, class_="whisker")
                for end in (low, high)
            ),
        ]
    return tag("svg", *grid, *parts, class_=f"track {style}", height=22, aria_hidden="true")
