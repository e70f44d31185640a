"""Our kill chain seen as others hold theirs."""

from dataclasses import replace

import pytest

from redqubit.core.errors import InputError
from redqubit.killchain.exchange import imported
from redqubit.killchain.model import Edition


def test_everything_others_know_is_there(chain):
    """Each of our tactics, techniques, mitigations and cases has its counterpart."""
    found = imported.of(chain)
    assert len(found.tactics) == len(chain.tactics)
    assert [item.id for item in found.techniques] == [item.id for item in chain.techniques]
    assert len(found.mitigations) == len(chain.mitigations)
    assert len(found.cases) == len(chain.cases)
    for ours, theirs in zip(chain.mitigations, found.mitigations, strict=True):
        assert [edge.sentence for edge in ours.mitigates] == [use.text for use in theirs.mitigates]


def test_maturity_has_a_counterpart_for_every_step(sample):
    """Studies and simulations are feasible, processors demonstrate, incidents realize."""
    words = [item.maturity for item in imported.of(sample).techniques if not item.parent]
    assert words == ["feasible", "demonstrated", "realized"]


def test_cases_are_dated_by_their_newest_source_or_the_edition(sample):
    """A published case bears the year of its publication, an executed one that of the edition."""
    published, executed = imported.of(sample).cases
    assert (published.date, published.granularity) == ("2021-01-01", "year")
    assert (executed.date, executed.granularity, executed.actor) == (
        "2026-11-01",
        "month",
        "redqubit",
    )


def test_license_and_citation_go_along(chain):
    """The description of the collection says under which license it is and how to cite it."""
    text = imported.of(chain).text
    assert chain.edition.license in text
    assert chain.edition.cite in text


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("QML.TA01", "QML.TA0001"),
        ("QML.TA14", "QML.TA0014"),
        ("QML.CS001", "QML.CS0001"),
        ("QML.T0001.002", "QML.T0001.002"),
        ("QML.M0001", "QML.M0001"),
        ("AML.TA0001", "AML.TA0001"),
    ],
)
def test_ids_are_padded_and_back(ours, theirs):
    """ATLAS asks for four digits in every id; on the way back they are as we write them."""
    assert imported.padded(ours) == theirs
    assert imported.unpadded(theirs) == ours


@pytest.mark.parametrize(
    ("identifier", "address"),
    [
        ("T1588.001", "https://attack.mitre.org/techniques/T1588/001/"),
        ("T1588", "https://attack.mitre.org/techniques/T1588/"),
        ("TA0043", "https://attack.mitre.org/tactics/TA0043/"),
        ("M1017", "https://attack.mitre.org/mitigations/M1017/"),
    ],
)
def test_attack_addresses(identifier, address):
    """MITRE keeps tactics, techniques and mitigations under three paths."""
    assert imported.attack_address(identifier) == address


@pytest.mark.parametrize(
    ("content", "day"), [("2026.11", "2026-11-01"), ("2027.1.2", "2027-01-01")]
)
def test_an_edition_has_a_day(content, day):
    """The content version of an edition is a year and a month."""
    assert imported.day(Edition("x", content, "1.0.0")) == day


@pytest.mark.parametrize("content", ["", "2026", "2026.13", "v2026.11", "2026.1x"])
def test_an_edition_without_date_is_refused(content, sample):
    """No date is made up."""
    with pytest.raises(InputError, match=r"reads like 2026\.11"):
        imported.of(replace(sample, edition=Edition("x", content, "1.0.0")))


def test_publications_are_one_line(sample):
    """Two authors are both named, more are cut, and the venue follows the title."""
    two = replace(sample.sources[0], title="T", venue="V")
    assert imported.title(two) == "A. Author and B. Other (2020). T. V."
    three = replace(two, authors=("A", "B", "C"), venue="")
    assert imported.title(three) == "A et al. (2020). T."
