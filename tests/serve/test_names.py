import pytest

from redqubit.killchain.model import Anchor, Effort, Record, Source
from redqubit.serve import names


def source(*authors):
    return Source("x2024y", "Title", authors, 2024, "V", arxiv="2401.00001")


@pytest.mark.parametrize(
    ("authors", "told"),
    [
        (("Satwik Kundu",), "Kundu\u00a02024"),
        (("Sirui Lu", "Lu-Ming Duan"), "Lu and Duan\u00a02024"),
        (("Sirui Lu", "Lu-Ming Duan", "Dong-Ling Deng"), "Lu et al.\u00a02024"),
        (("Sirui Lu", "others"), "Lu et al.\u00a02024"),
        (("The redqubit developers",), "redqubit developers\u00a02024"),
    ],
)
def test_a_source_is_named_by_people_and_year(authors, told):
    """One or two last names, more as et al., groups by their own name."""
    assert names.short(source(*authors)) == told


def test_long_lists_of_authors_are_cut():
    """The rest is counted."""
    assert names.people(source(*"ABCD"), 2) == "A, B and 2 more"
    assert names.people(source("A", "B"), 2) == "A, B"


@pytest.mark.parametrize(
    ("comparator", "told"),
    [("=", "75\u00a0%"), ("up to", "up to 75\u00a0%"), ("<=", "≤ 75\u00a0%"), ("<", "< 75\u00a0%")],
)
def test_a_value_keeps_comparator_and_unit(comparator, told):
    """The number is written as the source compares it."""
    record = Record("E", "c", "s", "l", "V", value=75.0, unit="%", comparator=comparator)
    assert names.value(record) == told


def test_a_claim_without_a_number_has_no_value():
    """Nothing is shown where nothing was measured."""
    assert names.value(Record("E", "c", "s", "l", "V")) == ""


def test_the_setting_lists_what_is_known():
    """Empty fields are left out, counts carry their unit."""
    record = Record("E", "c", "s", "l", "V", dataset="MNIST", qubits=0, shots=10_000)
    assert names.setting(record) == ["MNIST", "0\u00a0qubits", "10,000\u00a0shots"]


def test_unknown_effort_is_said_to_be_unknown():
    """An unknown range is never zero, and equal ends are one number."""
    told = dict(names.effort(Effort("b", "low", queries=(5, 5), money=(0, 2000))))
    assert told == {
        "Skill": "low",
        "Queries": "5",
        "Shots": "unknown",
        "Money": "0 to 2,000 USD",
        "Work": "unknown",
    }


@pytest.mark.parametrize(
    ("framework", "name", "end"),
    [
        ("ATLAS", "AML.T0043.000", "/techniques/AML.T0043.000"),
        ("ATLAS", "AML.M0003", "/mitigations/AML.M0003"),
        ("ATT&CK", "T1195.002", "/techniques/T1195/002/"),
        ("CWE", "CWE-502", "/definitions/502.html"),
        ("OWASP QS", "QS08", ""),
        ("ATLAS", 'AML.T1"><script>', ""),
        ("CWE", "T1195", ""),
    ],
)
def test_only_well_formed_ids_link_elsewhere(framework, name, end):
    """An entry of another framework links to its page if its id reads like one."""
    found = names.elsewhere(Anchor(framework, name, "n"))
    assert found.endswith(end)
    assert bool(found) == bool(end)
