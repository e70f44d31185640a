"""The charts show the curves of the evidence, and only those."""

from dataclasses import replace

from redqubit.core.estimate import Rate
from redqubit.core.evidence import Curve, Point, Series
from redqubit.report import figures
from redqubit.report.summary import summarize


def test_the_headline_holds_four_lines(evidence):
    """Strongest attack, exact verification, published certificate and random change."""
    chart = figures.headline(summarize(evidence))
    assert [(line.name, line.style) for line in chart.lines] == [
        ("Strongest attack: projected gradient", "attack"),
        ("Exact verification", "exact"),
        ("Published certificate: hypothesis testing", "published"),
        ("Random change", "control"),
    ]
    assert chart.gap is not None


def test_curves_start_at_clean_accuracy(sample):
    """Radius zero is clean accuracy, so robust accuracy starts there."""
    summary = summarize([sample.baseline(), sample.evasion("square")])
    (_, chart), *_ = figures.by_attack(summary, "evasion")
    assert {line.points[0] for line in chart.lines} == {Point(0.0, summary.clean)}


def test_a_curve_that_has_its_zero_keeps_it(sample):
    """A measured point at zero is not replaced."""
    item = sample.evasion("square")
    series = Series("square", "attack", (Point(0.0, Rate(1, 2)), Point(0.1, Rate(0, 2))))
    item = replace(item, curves=(Curve("C", "r", "robust accuracy", (series,)),))
    (_, chart), *_ = figures.by_attack(summarize([sample.baseline(), item]), "evasion")
    assert chart.lines[0].points == series.points


def test_without_curves_there_are_no_charts(sample):
    """Evidence that only carries numbers makes tables, not empty drawings."""
    item = replace(sample.evasion("square"), curves=())
    summary = summarize([item])
    assert figures.headline(summary) is None
    assert figures.by_attack(summary, "evasion") == []
    assert figures.by_defense(summary) == []
    assert figures.agreement(summary) is None


def test_the_headline_needs_no_certificate(sample):
    """An attack alone is drawn with its control and without a gap."""
    chart = figures.headline(summarize([sample.evasion("square")]))
    assert [line.style for line in chart.lines] == ["attack", "control"]
    assert chart.gap is None


def test_a_certificate_alone_makes_a_headline(sample):
    """Where no attack ran, what was proved is shown."""
    chart = figures.headline(summarize([sample.baseline(), sample.certificate()]))
    assert [line.style for line in chart.lines] == ["exact", "published"]


def test_points_of_repeats_are_pooled(sample):
    """Two repeats of a curve become one curve with twice the samples."""
    first = sample.evasion("square")
    (curve,) = figures.curves([first, replace(first, id="b", repeat=1)])
    before = first.curves[0].series[0].points[0].rate
    assert curve.series[0].points[0].rate == Rate(2 * before.successes, 2 * before.n)


def test_extractions_share_one_axis(evidence):
    """Learned and exact extraction stand on one axis of queries, with one base rate."""
    chart = figures.agreement(summarize(evidence))
    assert [line.name for line in chart.lines] == [
        "Learned extraction",
        "Base rate",
        "Fourier extraction",
    ]
    assert chart.log
    assert chart.lines[-1].points[0].x == 6561


def test_each_defense_is_shown_on_its_strongest_attack(evidence):
    """One chart a defense: the attack with it, without it, and what is proved where known."""
    charts = figures.by_defense(summarize(evidence))
    assert [(d.name, chart.title.split(": ")[1]) for d, chart in charts] == [
        ("adversarial_training", "projected gradient"),
        ("noise_layer", "projected gradient"),
        ("prediction_rounding", "transfer evasion"),
        ("top_one", "transfer evasion"),
        ("label_sanitation", "QUID"),
    ]
    proved = [any(line.style == "exact" for line in chart.lines) for _, chart in charts]
    assert proved == [True, False, False, False, False]


def test_a_description_tells_where_each_line_starts_and_ends(sample):
    """Readers without sight get the ends of every curve in words."""
    chart = figures.headline(summarize([sample.baseline(), sample.evasion("square")]))
    assert "Strongest attack: square: from 96.5\u00a0% at 0 to" in chart.description
