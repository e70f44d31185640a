"""The page shows every row, every reason and every goal; charts are readable without color."""

import itertools
import json
import xml.etree.ElementTree as ElementTree

import pytest
from benchmarks import page
from benchmarks.chart import Line, draw
from benchmarks.command import DOCS, HEADER, RESULTS, main
from benchmarks.rows import Row, load

HEAD = {
    "date": "2026-01-01 00:00 UTC",
    "processor": "Test",
    "core": 1,
    "clock": "wall",
    "cores": 2,
    "load": 0.1,
    "system": "Linux x86_64",
    "python": "3.11",
    "versions": {"torch": "2.13.0"},
}
ROWS = [
    Row("w1", 4, 128, "complex64", "redqubit", 0.5, 0.4, 0.1, 1e-6, repeats=9),
    Row("w1", 8, 128, "complex64", "redqubit", 2.0, 1.5, 0.1, 1e-6, repeats=9),
    Row("w1", 4, 128, "complex64", "PennyLane jax.jit", 0.6, 0.5, 10.0, 1e-6, repeats=9),
    Row("w1", 8, 128, "complex64", "PennyLane jax.jit", 16.0, 15.0, 14.0, 1e-6, repeats=9),
    Row("w1", 4, 128, "complex64", "qulacs backprop", reason="computes in complex128 only"),
    Row("growth", 8, 32, "complex64", "redqubit", 1.0, 1.0, 0.1, 1e-6, repeats=9),
    Row("growth", 8, 64, "complex64", "redqubit", 1.5, 1.5, 0.1, 1e-6, repeats=9),
    Row("growth", 8, 128, "complex64", "redqubit", 3.0, 3.0, 0.1, 1e-6, repeats=9),
    Row("growth", 10, 128, "complex64", "redqubit", 12.0, 12.0, 0.1, 1e-6, repeats=9),
]


def test_page_shows_times_factors_and_reasons():
    """A cell has median, minimum and factor; what did not run is listed with its reason."""
    text = page.render(ROWS, HEAD)
    assert "| PennyLane jax.jit | 0.6 [0.5] 1.2x | 16 [15] 8x | 10 / 14 | 1e-06 |" in text
    assert "| **redqubit** | 0.5 [0.4] | 2 [1.5] |" in text
    assert "- qulacs backprop, complex64: computes in complex128 only" in text


def test_page_says_whether_goals_are_met():
    """Each goal is met, not met, or not measured."""
    text = page.render(ROWS, HEAD)
    assert "| W1, n = 8, complex64: best peer | ≥ 5x | 8x [10x] | met |" in text
    assert "| W1, n = 12, complex64: best peer | ≥ 10x | – | not measured | |" in text
    slower = [Row("w1", 8, 128, "complex64", "redqubit", 4.0, 3.0), *ROWS[2:]]
    assert "| ≥ 5x | 4x [5x] | **not met** |" in page.render(slower, HEAD)


def test_growth_is_per_doubling_and_per_qubit():
    """Growth shows the factor of each doubling, and the factor per qubit across gaps of two."""
    text = page.render(ROWS, HEAD)
    assert "| per doubling, by minima | – | 1.50x | 2.00x |" in text
    assert "| per qubit, by minima | – | 2.00x |" in text


def test_graphics_are_unmeasured_unless_measured():
    """Without a row of an accelerator the page says so; with one it names the device."""
    assert "GPU figures are unmeasured" in page.render(ROWS, HEAD)
    more = [*ROWS, Row("w1", 4, 128, "complex64", "redqubit", 0.1, 0.1, device="Some GPU")]
    text = page.render(more, HEAD)
    assert "GPU figures were taken on Some GPU" in text
    assert "| complex64 on Some GPU |" in text


def test_summary_has_a_line_a_row():
    """The terminal shows every row and the verdict on every goal that could be judged."""
    text = page.summary(ROWS)
    assert len(text.splitlines()) == len(ROWS) + 2
    assert "met      W1, n = 4, complex64" in text


def test_chart_is_well_formed_and_described():
    """A chart is XML with title, description, a dark theme, and one label a line."""
    lines = [Line("a < b", ((4.0, 0.1), (8.0, 3.0))), Line("ours", ((4.0, 0.2),), own=True)]
    text = draw("Title", "qubits", "ms", lines, "What it shows")
    root = ElementTree.fromstring(text)
    name = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{name}desc").text == "What it shows"
    labels = [node.text for node in root.iter(f"{name}text")]
    assert labels.count("a < b") == labels.count("ours") == 1
    assert "prefers-color-scheme: dark" in text


def test_labels_do_not_overlap():
    """Lines that end at the same height have labels at least a text height apart."""
    lines = [Line(f"line {i}", ((1.0, 1.0), (2.0, 1.0 + i / 100))) for i in range(5)]
    root = ElementTree.fromstring(draw("T", "x", "y", lines, "s"))
    places = sorted(
        float(node.get("y"))
        for node in root.iter("{http://www.w3.org/2000/svg}text")
        if (node.text or "").startswith("line")
    )
    assert min(b - a for a, b in itertools.pairwise(places)) >= 14.9


@pytest.mark.skipif(not RESULTS.exists(), reason="no results recorded")
def test_recorded_page_is_that_of_the_recorded_rows():
    """The page in the documentation is the one the recorded results generate."""
    header = json.loads(HEADER.read_text(encoding="utf-8"))
    rows = load(RESULTS)
    assert (DOCS / "benchmarks.md").read_text(encoding="utf-8") == page.render(rows, header)
    for name, text in page.charts(rows).items():
        assert (DOCS / "benchmarks" / name).read_text(encoding="utf-8") == text


def test_unknown_case_is_refused(capsys):
    """A case that does not exist ends with 2 and lists those that do."""
    with pytest.raises(SystemExit) as ended:
        main(["--case", "w9"])
    assert ended.value.code == 2
    assert "closed_form" in capsys.readouterr().err
