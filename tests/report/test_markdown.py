"""Markdown for a pull request: verdict first, tables whole, names without markup."""

import re
from dataclasses import replace

import pytest

from redqubit import report
from redqubit.report.markdown import escape


def test_the_report_reads_from_verdict_to_techniques(sample, evidence, findings):
    """Title, verdict, then attacks, defenses, warnings, cost, what did not run, provenance."""
    made = report.markdown(evidence, findings, title="digits", omitted=sample.omitted())
    lines = made.splitlines()
    assert lines[0] == "# digits"
    assert lines[2].startswith("**8 of 9 attacks succeed on this model;")
    assert re.findall(r"^## (.*)$", made, re.MULTILINE) == [
        "Attacks",
        "Defenses",
        "Self-checks that failed",
        "Cost",
        "Not run",
        "Provenance",
        "Techniques",
    ]


def test_every_row_has_as_many_cells_as_its_head(sample, evidence, findings):
    """Tables are rectangular, so they render."""
    made = report.markdown(evidence, findings, omitted=sample.omitted())
    for block in re.findall(r"(?:^\|.*\|\n)+", made + "\n", re.MULTILINE):
        counts = {len(re.split(r"(?<!\\)\|", line)) for line in block.strip().splitlines()}
        assert len(counts) == 1


def test_a_hostile_name_cannot_break_a_table_or_link(sample):
    """Pipes, brackets, HTML, addresses and new lines in a name are shown as they are."""
    name = "a|b](http://x) <b>www.y.z</b>\n# h `c` @me"
    made = report.markdown([replace(sample.evasion("square"), attack=name)])
    assert "<b>" not in made.replace("\\<b\\>", "")
    assert "](" not in made.replace("\\]", "")
    assert "http://" not in made
    assert not re.search(r"(?<!\\)@me", made)
    assert "\n# h" not in made


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("- a", "\\- a"),
        ("1. a", "\\1. a"),
        ("0.3 rad L-inf", "0.3 rad L-inf"),
        ("a\n\nb", "a b"),
        ("*x*", "\\*x\\*"),
        ("https://e.org", "https\\://e.org"),
        ("WWW.e.org", "www\\.e.org"),
    ],
)
def test_text_is_escaped_where_markdown_would_read_it(text, escaped):
    """Only characters that mean something are escaped."""
    assert escape(text) == escaped


def test_no_evidence_is_one_sentence():
    """An empty report holds its title and that nothing is known."""
    assert report.markdown([]) == (
        "# Assessment\n\n**No attack was judged, so nothing is known about this model's "
        "security.**\n"
    )
