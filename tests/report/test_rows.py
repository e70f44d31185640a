"""The table of attacks as rows and as plain text."""

from dataclasses import replace

from redqubit.core.estimate import Rate
from redqubit.report.rows import HEAD, table, text


def test_a_row_tells_success_control_and_best_defense(evidence, findings):
    """The strongest null control and the defense that leaves least are named with their rates."""
    rows = {row.attack: row for row in table(evidence, findings)}
    row = rows["Projected gradient"]
    assert (row.control, row.defense) == ("random change", "adversarial_training")
    assert row.left.value < row.success.value
    assert (row.outcome, row.severity) == ("succeeds", "medium")
    assert rows["QUID"].control == "random flip"
    assert len(rows) == 9


def test_cells_follow_the_head(evidence, findings):
    """Every row has a cell for every column, and no cell breaks the line."""
    for row in table(evidence, findings):
        assert len(row.cells()) == len(HEAD)
        assert not any("\n" in cell for cell in row.cells())


def test_a_lonely_unjudged_attack_is_a_row_of_dashes(sample):
    """Without success, controls or defense the row says so."""
    item = replace(
        sample.evasion("square"),
        success=None,
        controls=(),
        technique="",
        radius=None,
        parameters={},
    )
    (row,) = table([item])
    assert row.cells() == (
        "Square",
        "–",
        "–",
        "–",
        "–",
        "–",
        "–",
        "–",
        "not judged",
    )


def test_plain_text_starts_with_the_verdict(evidence, findings):
    """The first line is the verdict; the table follows, aligned."""
    lines = text(evidence, findings).splitlines()
    assert lines[0].startswith("8 of 9 attacks succeed")
    head = next(line for line in lines if line.startswith("Attack"))
    rule = lines[lines.index(head) + 1]
    assert [i for i, c in enumerate(rule) if c == "-" and rule[i - 1 : i] in ("", " ")] == [
        head.index(name) for name in HEAD
    ]


def test_no_evidence_is_one_sentence():
    """Nothing to show is said in one line."""
    assert text([]) == ("No attack was judged, so nothing is known about this model's security.\n")


def test_names_cannot_move_the_cursor(sample):
    """Escape sequences in names do not reach the terminal."""
    item = replace(sample.evasion("square"), attack="\x1b[2Jsquare\n", success=Rate(1, 2))
    made = text([item])
    assert "\x1b" not in made
    assert sum("square" in line for line in made.splitlines()[2:]) == 1
