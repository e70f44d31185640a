"""Charts are well-formed, true to scale, described, and their labels stay apart."""

import itertools
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.core.estimate import Rate
from redqubit.core.evidence import Point
from redqubit.report.chart import bar, draw
from redqubit.report.frame import FONT, LEADING, Line, LineChart
from redqubit.report.labels import text_width

STYLES = ("attack", "control", "exact", "published")


def line(name, style, *pairs):
    return Line(name, style, tuple(Point(x, rate) for x, rate in pairs))


def chart(*lines, **changes):
    made = {"title": "T", "description": "D", "x_label": "x", "y_label": "Y", "lines": lines}
    return LineChart(**(made | changes))


def parse(svg):
    return ElementTree.fromstring(svg)


def boxes(root):
    """Return left, top, right, bottom of every line label."""
    found = []
    for text in root.iter("text"):
        kind = text.get("class", "")
        if not kind.startswith("label") or "gap-words" in kind:
            continue
        spans = list(text)
        left, first = float(spans[0].get("x")), float(spans[0].get("y"))
        wide = max(text_width(span.text or "", FONT) for span in spans)
        top = first - FONT
        found.append((left, top, left + wide, top + LEADING * len(spans)))
    return found


RATES = st.builds(lambda k, n: Rate(min(k, n), n), st.integers(0, 50), st.integers(0, 50))
LINES = st.lists(
    st.builds(
        lambda name, style, points: line(name, style, *points),
        st.sampled_from(["Attack", "Random change of equal size", "Exact verification", "W" * 60]),
        st.sampled_from(STYLES),
        st.lists(st.tuples(st.sampled_from([0.05, 0.1, 0.3, 0.5]), RATES), max_size=4),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(LINES, st.sampled_from([(320, 210), (358, 340), (900, 470)]))
def test_labels_never_overlap_and_stay_in_the_drawing(lines, size):
    """However the curves end, labels are apart and inside the drawing."""
    lines = [
        Line(item.name, item.style, tuple(sorted(item.points, key=lambda p: p.x))) for item in lines
    ]
    made = chart(*lines)
    if made.empty:
        return
    root = parse(draw(made, "c", *size))
    height = float(root.get("height"))
    found = boxes(root)
    for left, top, right, bottom in found:
        assert left >= 0
        assert right <= size[0] + 1
        assert top >= 0
        assert bottom <= height + 1
    for a, b in itertools.combinations(found, 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] + 0.5 or b[3] <= a[1] + 0.5
        assert apart


def test_a_chart_is_named_and_described():
    """The drawing is an image with a title and a description that its ids point to."""
    root = parse(draw(chart(line("A", "attack", (0.1, Rate(5, 10)))), "c1", 320, 210))
    assert root.get("role") == "img"
    ids = {child.get("id"): child.text for child in root if child.get("id")}
    assert [ids[name] for name in root.get("aria-labelledby").split()] == ["T", "D"]


def test_values_are_drawn_to_scale_from_a_zero_baseline():
    """Zero lies on the baseline, one hundred percent on the top grid line, half in the middle."""
    pairs = [(0.0, Rate(10, 10)), (0.5, Rate(5, 10)), (1.0, Rate(0, 10))]
    root = parse(draw(chart(line("A", "attack", *pairs)), "c", 400, 300))
    points = next(root.iter("polyline")).get("points")
    ys = [float(pair.split(",")[1]) for pair in points.split()]
    grid = sorted({float(g.get("y1")) for g in root.iter("line") if g.get("x1") == "30"})
    assert ys[0] == pytest.approx(grid[0], abs=0.1)
    assert ys[2] == pytest.approx(grid[-1], abs=0.1)
    assert ys[1] == pytest.approx((grid[0] + grid[-1]) / 2, abs=0.1)


def test_a_logarithmic_axis_spaces_doublings_evenly():
    """Equal factors of queries are equal steps on the axis."""
    pairs = [(q, Rate(5, 10)) for q in (32, 64, 128)]
    root = parse(draw(chart(line("A", "attack", *pairs), log=True), "c", 400, 300))
    points = next(root.iter("polyline")).get("points")
    a, b, c = (float(pair.split(",")[0]) for pair in points.split())
    assert b - a == pytest.approx(c - b, abs=0.2)


def test_what_was_not_judged_leaves_a_hole():
    """A point without value breaks the line instead of being drawn as zero."""
    pairs = [
        (0.1, Rate(9, 10)),
        (0.2, Rate(8, 10)),
        (0.3, Rate(0, 0)),
        (0.4, Rate(5, 10)),
        (0.5, Rate(4, 10)),
    ]
    root = parse(draw(chart(line("A", "attack", *pairs)), "c", 400, 300))
    assert len(list(root.iter("polyline"))) == 2
    assert len(list(root.iter("circle"))) == 4


def test_every_point_tells_its_number_and_interval():
    """Pointing at a mark names the line, the position, the rate, its interval and n."""
    root = parse(draw(chart(line("A", "attack", (0.3, Rate(5, 10)))), "c", 320, 210))
    told = [title.text for title in root.iter("title")]
    assert "A at 0.3: 50.0\u00a0% (23.7 to 76.3, n = 10)" in told


@pytest.mark.parametrize("log", [False, True])
def test_one_point_is_a_chart(log):
    """A single measurement is drawn with its whisker and no division by zero."""
    svg = draw(chart(line("A", "control", (64.0, Rate(3, 10))), log=log), "c", 320, 210)
    assert "whisker" in svg
    assert "nan" not in svg
    assert "inf" not in svg


def test_a_chart_without_values_is_empty():
    """Nothing judged is nothing to draw."""
    assert chart(line("A", "attack", (0.1, Rate(0, 0)))).empty
    assert chart().empty


def test_the_gap_is_tinted_and_named_only_where_the_words_fit():
    """Words stand in a wide gap and are left out of a thin one."""
    low = line("L", "published", (0.0, Rate(9, 10)), (0.5, Rate(0, 10)), (1.0, Rate(0, 10)))
    high = line("H", "exact", (0.0, Rate(9, 10)), (0.5, Rate(9, 10)), (1.0, Rate(8, 10)))
    near = line("N", "published", (0.0, Rate(9, 10)), (1.0, Rate(8, 10)))
    wide = draw(chart(low, high, gap=(low, high, "left open")), "c", 600, 400)
    thin = draw(chart(near, high, gap=(near, high, "left open")), "c", 600, 400)
    assert 'class="gap"' in wide
    assert "left open" in wide
    assert 'class="gap"' in thin
    assert "left open" not in thin


def test_bars_start_at_zero_and_carry_their_interval():
    """A bar's length is its rate and its whisker the interval; no rate is no bar."""
    root = parse(bar(Rate(5, 10), "attack"))
    rect = next(root.iter("rect"))
    assert (rect.get("x"), rect.get("width")) == ("0", "50.00%")
    ends = {node.get("x1") for node in root.iter("line") if node.get("class") == "whisker"}
    assert ends == {"23.66%", "76.34%"}
    assert "<rect" not in bar(Rate(0, 0), "attack")
    assert "<rect" not in bar(None, "attack")


def test_colors_come_from_the_style_sheet_alone():
    """A drawing names classes, never colors, so it serves light, dark and print."""
    svg = draw(chart(line("A", "exact", (0.1, Rate(5, 10)), (0.2, Rate(4, 10)))), "c", 320, 210)
    assert not re.search(r"(fill|stroke|style)=", svg)
