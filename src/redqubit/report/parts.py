"""Building blocks of the HTML report: sections, figures, tables, links and marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from redqubit.core.estimate import Rate
from redqubit.report.chart import draw
from redqubit.report.frame import LineChart
from redqubit.report.markup import Safe, join, slug, tag
from redqubit.report.summary import Outcome
from redqubit.report.wording import MISSING, interval, number, percent

Cell = object


def anchor(kind: str, name: str) -> str:
    """Return the fragment identifier of an attack, technique, mitigation or source."""
    return f"{kind}-{slug(name)}"


def technique_link(identifier: str) -> Safe | None:
    """Link a technique's id to its entry in the appendix; None without an id."""
    return _link("technique", identifier)


def mitigation_link(identifier: str) -> Safe | None:
    """Link a mitigation's id to its entry in the appendix; None without an id."""
    return _link("mitigation", identifier)


def _link(kind: str, identifier: str) -> Safe | None:
    if not identifier:
        return None
    return tag("a", identifier, href=f"#{anchor(kind, identifier)}", class_="id")


def section(identifier: str, heading: str, notes: Iterable[object], *body: object) -> Safe:
    """Build a section: heading and prose at the left, figures and tables at the right."""
    return tag(
        "section",
        tag(
            "div",
            tag(
                "div",
                tag("h2", heading, id=f"{identifier}-heading"),
                *(tag("p", note) for note in notes if note),
                class_="note",
            ),
            tag("div", *body, class_="body"),
            class_="part",
        ),
        id=identifier,
        aria_labelledby=f"{identifier}-heading",
    )


def table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    numbers: int = 0,
    scroll: bool = False,
) -> Safe:
    """Build a table; the first cell of a row names it, the last ``numbers`` are right-aligned."""
    first = len(head) - numbers

    def cell(i: int, value: Cell) -> Safe:
        kind = "num" if i >= first else None
        if i == 0:
            return tag("th", value, scope="row", class_=kind)
        return tag("td", value, class_=kind)

    made = tag(
        "table",
        tag("caption", caption, class_="hidden"),
        tag(
            "thead",
            tag(
                "tr",
                *(
                    tag("th", name, scope="col", class_="num" if i >= first else None)
                    for i, name in enumerate(head)
                ),
            ),
        ),
        tag(
            "tbody",
            *(tag("tr", *(cell(i, value) for i, value in enumerate(row))) for row in rows),
        ),
        class_="lines" if scroll else "lines sticky",
    )
    return scrolling(caption, made) if scroll else made


def scrolling(label: str, content: Safe) -> Safe:
    """Let wide content scroll sideways, reachable by keyboard."""
    return tag("div", content, class_="scroll", role="region", aria_label=label, tabindex="0")


def details(summary: str, *content: object) -> Safe:
    """Fold content away under a line that opens it."""
    return tag("details", tag("summary", summary), *content)


def values_table(chart: LineChart) -> Safe:
    """Write the numbers behind a chart as a table, for reading without sight."""
    xs = sorted({x for line in chart.lines for x, _, _ in line.known})
    rates = [{x: rate for x, rate, _ in line.known} for line in chart.lines]

    def row(x: float) -> list[Cell]:
        return [number(x), *(_rate(line.get(x)) for line in rates)]

    head = [chart.x_label, *(line.name for line in chart.lines)]
    caption = f"{chart.title}: {chart.y_label.lower()} in percent, with 95 % intervals"
    return table(caption, head, map(row, xs), numbers=len(chart.lines), scroll=True)


def _rate(rate: Rate | None) -> str:
    return MISSING if rate is None else f"{percent(rate.value, unit=False)} ({interval(rate)})"


def figure(
    chart: LineChart,
    identifier: str,
    *,
    wide: tuple[float, float],
    narrow: tuple[float, float] | None = None,
    heading: Safe | None = None,
    caption: str = "",
) -> Safe:
    """Build a figure: its heading, one drawing for each screen width, and the numbers below."""
    drawings = [draw(chart, identifier, *wide)]
    if narrow is not None:
        drawings = [
            tag("div", drawings[0], class_="wide"),
            tag("div", draw(chart, f"{identifier}-narrow", *narrow), class_="narrow"),
        ]
    return tag(
        "figure",
        heading,
        *drawings,
        tag("figcaption", caption) if caption else None,
        details("Numbers", values_table(chart)),
        id=identifier,
    )


def dot(outcome: Outcome) -> Safe:
    """Mark an outcome by shape: full circle succeeds, open circle fails, dash was not judged."""
    if outcome == "not judged":
        shape = tag("line", x1=0, x2=11, y1=5.5, y2=5.5)
    else:
        full = "full" if outcome == "succeeds" else None
        shape = tag("circle", cx=5.5, cy=5.5, r=4.5, class_=full)
    return tag("svg", shape, viewBox="0 0 11 11", class_="dot", aria_hidden="true")


def facts(pairs: Iterable[tuple[str, object]]) -> Safe:
    """Build a list of names and values; pairs without a value are left out."""
    kept = [(name, value) for name, value in pairs if value not in (None, "", ())]
    return tag(
        "dl", *(join(tag("dt", name), tag("dd", value)) for name, value in kept), class_="facts"
    )
