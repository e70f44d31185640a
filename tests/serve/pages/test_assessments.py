from dataclasses import replace

import pytest

from redqubit.report import summarize, verdict
from redqubit.serve.page import Site
from redqubit.serve.pages import assessments
from redqubit.serve.runs import Run, address


@pytest.fixture(scope="module")
def shown(runs):
    return assessments.Shown(runs[0])


def test_the_verdict_is_that_of_the_report(shown, texts):
    """The list and the page of a run start with the sentence of the report."""
    told = verdict(summarize(shown.run.evidence, shown.summary.findings))
    assert shown.verdict == told
    for path in ("assessments.html", address(shown.run.name)):
        assert told in texts[path]


def test_every_attack_stands_beside_its_controls(shown):
    """The first bar is the attack, the gray ones its controls, the colored ones defenses."""
    for trial in shown.summary.trials:
        found = assessments.bars(shown.summary, trial)
        styles = [entry.style for entry in found]
        assert styles[0] == "attack"
        assert found[0].rate == trial.success
        assert len([s for s in styles if s in ("control", "analogue")]) == len(trial.controls)
        assert styles == sorted(
            styles, key=lambda s: {"attack": 0, "control": 1, "analogue": 1, "defended": 2}[s]
        )


def test_every_record_can_be_opened(shown, texts):
    """Each piece of evidence has an entry under its id, with rates, cost and origin."""
    page = texts[address(shown.run.name)]
    for item in shown.run.evidence:
        assert f'id="{item.id}"' in page
        for name, _ in assessments.rates(item):
            assert name in page


def test_techniques_and_runs_lead_to_each_other(shown, texts):
    """The page of a measured technique links its record, and the run links the technique."""
    page = texts[address(shown.run.name)]
    item = next(e for e in shown.run.evidence if e.technique and e.success)
    there = texts[f"technique/{item.technique}.html"]
    assert f"{address(shown.run.name)}#{item.id}" in there
    assert f"technique/{item.technique}.html" in page


def test_defenses_stand_side_by_side(shown):
    """A row a defense, a cell an attack; what was not measured is empty."""
    rows = assessments.matrix(shown.summary)
    assert [row[0] for row in rows] == list(shown.summary.defenses)
    for _, _, cells in rows:
        assert len(cells) == len(shown.summary.trials)
        assert all(cell is None or 0 <= cell.tint <= 5 for cell in cells)
    assert any(cell for _, _, cells in rows for cell in cells)


def test_without_runs_the_page_says_how_to_make_one(chain):
    """An empty folder is no error."""
    (page,) = assessments.pages(Site(chain))
    text = page.render()
    assert "redqubit assess" in text
    assert "redqubit explore --runs" in text


def test_a_hostile_run_is_only_text(chain, runs):
    """Markup in names, notes and reasons of evidence is escaped, and so is a run's name."""
    bad = "<script>alert(1)</script>\"'"
    item = next(e for e in runs[0].evidence if e.success and e.controls)
    item = replace(
        item,
        notes=(bad,),
        reason=bad,
        attack=f"a{bad}",
        technique="QML.T0000" + bad,
        provenance=replace(item.provenance, model=bad, device=bad, data=bad, created=bad),
        controls=tuple(replace(control, name=bad) for control in item.controls),
        parameters={bad: bad},
        values={bad: 1.0},
        rates={bad: item.success},
    )
    for page in assessments.pages(Site(chain, (Run(bad, (item,)),))):
        assert "<script>alert" not in page.render()
        assert "<" not in page.path


def test_a_run_of_failures_still_has_a_page(chain, runs):
    """Records that were not run or failed are listed with their reason."""
    lost = replace(runs[0].evidence[0], status="failed", success=None, reason="no memory left")
    pages = list(assessments.pages(Site(chain, (Run("lost", (lost,)),))))
    assert "no memory left" in pages[1].render()
