"""The data of a line chart, and its frame: scales, grid, ticks and axis titles."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final, Literal

from redqubit.core.estimate import Rate
from redqubit.core.evidence import Point
from redqubit.report.labels import text_width
from redqubit.report.markup import Safe, tag
from redqubit.report.wording import number

Style = Literal["attack", "control", "exact", "published"]

FONT: Final = 12.5
TICK: Final = 11.5
LEADING: Final = 15.0
LEFT, TOP, BOTTOM = 30.0, 30.0, 42.0


@dataclass(frozen=True)
class Line:
    """A measured curve: the words of its direct label, how it is drawn, and its points."""

    name: str
    style: Style
    points: tuple[Point, ...]

    @property
    def known(self) -> tuple[tuple[float, Rate, float], ...]:
        """Return the points that have a value: position, rate, value."""
        return tuple(
            (point.x, point.rate, point.rate.value)
            for point in self.points
            if point.rate.value is not None and math.isfinite(point.x)
        )


@dataclass(frozen=True)
class LineChart:
    """Rates over one axis, from a zero baseline to one hundred percent.

    ``gap`` names two lines (lower, upper) between which the area is tinted, and the words in it.
    """

    title: str
    description: str
    x_label: str
    y_label: str
    lines: tuple[Line, ...]
    log: bool = False
    gap: tuple[Line, Line, str] | None = None

    @property
    def empty(self) -> bool:
        """Say whether there is nothing to draw."""
        return not any(line.known for line in self.lines)


@dataclass(frozen=True)
class Frame:
    """Maps data to the drawing: positions in pixels from the top left corner."""

    chart: LineChart
    width: float
    height: float
    gutter: float
    span: tuple[float, float] = field(init=False)

    def __post_init__(self) -> None:
        xs = [x for line in self.chart.lines for x, _, _ in line.known]
        low, high = (min(xs), max(xs)) if xs else (0.0, 1.0)
        if not self.chart.log:
            low = min(low, 0.0)
        if high <= low:
            low, high = (low / 2, high * 2) if self.chart.log else (low - 0.5, high + 0.5)
        object.__setattr__(self, "span", (low, high))

    @property
    def right(self) -> float:
        """Return where the lines end and the label gutter begins."""
        return self.width - self.gutter

    @property
    def bottom(self) -> float:
        """Return where the zero baseline lies."""
        return self.height - BOTTOM

    def x(self, value: float) -> float:
        """Map a position on the axis to pixels, in logarithms where the chart asks for it."""
        low, high = self.span
        if self.chart.log and low > 0:
            share = math.log(value / low) / math.log(high / low)
        else:
            share = (value - low) / (high - low)
        return LEFT + 8 + share * (self.right - LEFT - 16)

    def y(self, value: float) -> float:
        """Map a proportion to pixels."""
        return self.bottom - value * (self.bottom - TOP)


def px(value: float) -> str:
    """Write a coordinate in pixels, to a tenth."""
    return f"{value:.1f}".removesuffix(".0")


def axes(frame: Frame) -> Safe:
    """Draw the grid, the ticks at measured positions, the zero baseline and the axis titles."""
    parts = []
    step = 0.2 if frame.bottom - TOP > 150 else 0.5
    for i in range(round(1 / step) + 1):
        value = i * step
        y = frame.y(value)
        parts.append(
            tag("line", x1=px(LEFT), x2=px(frame.right), y1=px(y), y2=px(y), class_="grid")
        )
        parts.append(
            tag("text", f"{100 * value:.0f}", x=px(LEFT - 6), y=px(y + 4), class_="tick end")
        )
    parts.append(tag("text", f"{frame.chart.y_label}, %", x=0, y=13, class_="axis"))
    for x, words in _ticks(frame):
        parts.append(
            tag(
                "line",
                x1=px(x),
                x2=px(x),
                y1=px(frame.bottom),
                y2=px(frame.bottom + 4),
                class_="grid",
            )
        )
        parts.append(tag("text", words, x=px(x), y=px(frame.bottom + 17), class_="tick mid"))
    parts.append(
        tag(
            "line",
            x1=px(LEFT),
            x2=px(frame.right),
            y1=px(frame.bottom),
            y2=px(frame.bottom),
            class_="base",
        )
    )
    middle = (LEFT + frame.right) / 2
    parts.append(
        tag("text", frame.chart.x_label, x=px(middle), y=px(frame.height - 6), class_="axis mid")
    )
    return tag("g", *parts, aria_hidden="true")


def _ticks(frame: Frame) -> list[tuple[float, str]]:
    """Mark measured positions; those too close to their neighbor stay unmarked."""
    xs = {x for line in frame.chart.lines for x, _, _ in line.known}
    if not frame.chart.log:
        xs.add(max(frame.span[0], 0.0))
    marks = [(frame.x(x), f"{x:,.0f}" if x >= 1000 else number(float(x))) for x in sorted(xs)]
    kept: list[tuple[float, str]] = []
    for x, words in marks:
        room = text_width(words, TICK) / 2 + 5
        if not kept or x - room >= kept[-1][0] + text_width(kept[-1][1], TICK) / 2:
            kept.append((x, words))
    return kept
