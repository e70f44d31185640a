"""The own documents hold everything and refuse whatever is wrong, with file, line and key."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.core import record
from redqubit.core.errors import InputError
from redqubit.killchain import document
from redqubit.killchain.exchange import own
from redqubit.killchain.exchange.text import as_yaml


def back(text: str, form: str = "yaml"):
    return own.read(document.parse(text, f"k.{form}", form))


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_the_shipped_kill_chain_comes_back_equal(chain, form):
    """Nothing of the kill chain is lost on the way to a document and back."""
    assert back(own.write(chain, form), form) == chain


@pytest.mark.parametrize("form", ["yaml", "json"])
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_kill_chain_comes_back_equal(chains, form, data):
    """Whatever the texts and choices, reading undoes writing."""
    made = data.draw(chains)
    assert back(own.write(made, form), form) == made


def test_hostile_text_stays_text(sample):
    """Markup, template syntax and control characters come back as the characters they are."""
    assert "<script>" in back(own.write(sample)).techniques[0].summary


def test_order_does_not_matter(sample):
    """A document whose lists are reversed reads as the same kill chain."""
    data = record.to_json(sample)
    turned = {key: item[::-1] if isinstance(item, list) else item for key, item in data.items()}
    assert back(as_yaml(turned)) == sample


def test_kinds_may_be_missing(sample):
    """A document with nothing but its edition is an empty kill chain."""
    empty = back(as_yaml({"edition": record.to_json(sample.edition)}))
    assert empty.edition == sample.edition
    assert empty.techniques == ()


def edited(sample, key: str, place: int, **changes):
    data = record.to_json(sample)
    if key == "edition":
        data[key] |= changes
    else:
        data[key][place] |= changes
    return as_yaml(data)


@pytest.mark.parametrize(
    ("key", "changes", "message"),
    [
        ("edition", {"format": "2.0.0"}, r"edition\.format: format 1\.x .* got '2\.0\.0'"),
        ("edition", {"format": 1.0}, r"edition\.format: must be text, got 1\.0"),
        ("techniques", {"id": "QML.T1"}, r"techniques\[0\]\.id: an id of the techniques reads"),
        ("techniques", {"id": "QML.T0002.001"}, r"QML\.T0002\.001 is already used"),
        ("techniques", {"tactics": ["QML.TA09"]}, r"techniques\[0\]\.tactics: 'QML\.TA09' is not"),
        ("techniques", {"maturity": "real"}, r"techniques\[0\]\.maturity: unknown value"),
        ("techniques", {"how": ["a"]}, r"techniques\[0\]\.how: .*must be str"),
        ("techniques", {"hwo": "a"}, r"techniques\[0\]\.hwo: .*did you mean 'how'"),
        ("evidence", {"value": 10**350}, r"evidence\[0\].*below 1e308"),
        ("sources", {"arxiv": "", "doi": "", "url": ""}, r"sources\[0\]: a source needs"),
        ("executables", {"id": "QML.T0099"}, r"executables\[0\]\.id: 'QML\.T0099' is not one of"),
    ],
)
def test_mistakes_are_named_with_file_line_and_key(sample, key, changes, message):
    """Every mistake in a document is refused by a sentence that leads to it."""
    with pytest.raises(InputError, match=rf"^k\.yaml:\d+: .*{message}"):
        back(edited(sample, key, 0, **changes))


def test_unknown_kinds_are_refused(sample):
    """A list the kill chain does not have is an error that lists those it has."""
    data = record.to_json(sample) | {"tecniques": []}
    with pytest.raises(InputError, match=r"k\.yaml:\d+: tecniques: .*techniques, mitigations"):
        back(as_yaml(data))
    with pytest.raises(InputError, match="lacks the key 'edition'"):
        back("techniques: []\n")
    with pytest.raises(InputError, match="must be a mapping"):
        back("- edition\n")


def test_the_text_is_the_same_for_equal_kill_chains(sample):
    """A copy writes the same bytes: nothing depends on identity or time."""
    copy = dataclasses.replace(sample, edition=dataclasses.replace(sample.edition))
    assert own.write(copy) == own.write(sample)
    assert own.write(sample).endswith("\n")
