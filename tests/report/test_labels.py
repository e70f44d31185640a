"""Labels never overlap, keep their order and move as little as they can."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from redqubit.report.labels import spread, text_width, wrap

LABELS = st.lists(st.tuples(st.floats(-50, 450), st.floats(5, 60)), min_size=1, max_size=8)


def moved(wanted, placed):
    return sum((a - b) ** 2 for a, b in zip(wanted, placed, strict=True))


@given(LABELS)
def test_labels_do_not_overlap_and_stay_inside(labels):
    """Boxes are disjoint, in the order wanted, and inside the range when they fit."""
    wanted, sizes = zip(*labels, strict=True)
    placed = spread(wanted, sizes, 0, 400)
    order = sorted(range(len(labels)), key=lambda i: (wanted[i], i))
    for i, j in itertools.pairwise(order):
        assert placed[j] - placed[i] >= (sizes[i] + sizes[j]) / 2 - 1e-6
    assert placed[order[0]] - sizes[order[0]] / 2 >= -1e-6
    if sum(sizes) <= 400:
        assert placed[order[-1]] + sizes[order[-1]] / 2 <= 400 + 1e-6


@given(LABELS)
def test_no_other_stacking_moves_labels_less(labels):
    """The sum of squared moves is at most that of pushing labels down, up or to a shared shift."""
    wanted, sizes = zip(*labels, strict=True)
    low, high = -10_000, 10_000
    best = moved(wanted, spread(wanted, sizes, low, high))
    order = sorted(range(len(labels)), key=lambda i: (wanted[i], i))
    for path, sign in ((order, 1), (order[::-1], -1)):
        pushed = list(wanted)
        for i, j in itertools.pairwise(path):
            gap = sign * (sizes[i] + sizes[j]) / 2
            pushed[j] = (
                max(pushed[j], pushed[i] + gap) if sign > 0 else min(pushed[j], pushed[i] + gap)
            )
        for shift in (0.0, -1.0, 1.0, 7.5, -7.5):
            assert best <= moved(wanted, [p + shift for p in pushed]) + 1e-6


@given(LABELS)
def test_labels_that_fit_do_not_move(labels):
    """Labels far enough apart stay where they are wanted."""
    sizes = [size for _, size in labels]
    wanted = [100.0 * i + 50 for i in range(len(labels))]
    placed = spread(wanted, sizes, 0, 900)
    assert max(abs(a - b) for a, b in zip(wanted, placed, strict=True)) < 1e-9


@given(st.text(alphabet="abc MW.", max_size=200), st.integers(40, 200))
def test_wrapped_lines_fit(text, width):
    """No line is wider than asked, and there are at most three."""
    lines = wrap(text, 12, width)
    assert 1 <= len(lines) <= 3
    assert all(text_width(line, 12) <= width + 1e-9 for line in lines)


def test_wrapping_keeps_words_and_says_what_it_cuts():
    """Short text comes back whole; text that does not fit ends in an ellipsis."""
    assert wrap("random change", 12, 500) == ("random change",)
    assert wrap("random change", 12, 80) == ("random", "change")
    assert wrap("x" * 400, 12, 80)[-1].endswith("…")
    assert wrap("one two three four five six", 12, 40)[-1].endswith("…")
    assert wrap("", 12, 80) == ("",)


def test_wide_scripts_are_estimated_wider():
    """A full-width character counts more than a Latin one, so labels do not run over."""
    assert text_width("量", 12) > text_width("n", 12)
