"""BibTeX and CSL-JSON of the literature."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.killchain.exchange import bibliography
from redqubit.killchain.model import Source

UNDO = {
    r"\textbackslash{}": "\\",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    r"\textless{}": "<",
    r"\textgreater{}": ">",
}
TYPES = {"article", "inproceedings", "incollection", "phdthesis", "misc"}
CSL_TYPES = {
    "article",
    "article-journal",
    "paper-conference",
    "chapter",
    "thesis",
    "webpage",
    "document",
}
CSL_KEYS = {
    "id",
    "type",
    "title",
    "author",
    "issued",
    "container-title",
    "publisher",
    "note",
    "volume",
    "issue",
    "page",
    "number",
    "DOI",
    "URL",
}


def entries(text):
    """Read BibTeX by its own rules: a field ends where its braces balance."""
    found, at = {}, 0
    while match := re.compile(r"\s*@(\w+)\{([^,\s]+),").match(text, at):
        at = match.end()
        fields = {"ENTRYTYPE": match[1]}
        while field := re.compile(r"\s*(\w+) = \{").match(text, at):
            start = at = field.end()
            depth = 1
            while depth:
                depth += {"{": 1, "}": -1}.get(text[at], 0)
                at += 1
            fields[field[1]] = text[start : at - 1]
            at = re.compile(r",").match(text, at).end()
        at = re.compile(r"\s*\}").match(text, at).end()
        found[match[2]] = fields
    assert not text[at:].strip()
    return found


def typeset(value):
    """Return what TeX prints for a field."""
    for code, sign in UNDO.items():
        value = value.replace(code, f"\0{ord(sign)};")
    value = re.sub(r"\\([&%_#$])", r"\1", value)
    assert not set(value) & set("\\~^$") or "\\" not in value
    value = value.replace("{", "").replace("}", "")
    return re.sub(r"\0(\d+);", lambda found: chr(int(found[1])), value)


def flat(text):
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def test_every_source_is_an_entry(chain):
    """Each source comes back with its key, title, authors, year and identifiers."""
    found = entries(bibliography.write(chain))
    assert list(found) == [item.id for item in chain.sources]
    for item in chain.sources:
        entry = found[item.id]
        assert entry["ENTRYTYPE"] in TYPES
        assert typeset(entry["title"]) == flat(item.title)
        assert typeset(entry["author"]) == " and ".join(item.authors)
        assert entry["year"] == str(item.year)
        assert entry.get("eprint", "") == item.arxiv
        assert entry.get("archivePrefix", "") == ("arXiv" if item.arxiv else "")
        assert entry.get("doi", "") == item.doi
        assert entry.get("url", "") == (item.url or item.link)


def test_capitals_are_kept(chain):
    """Every word of a title with a capital stands in braces, so that no style lowers it."""
    for item in entries(bibliography.write(chain)).values():
        for word in item["title"].split():
            assert word.startswith("{") or word == word.lower()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_text_survives(data):
    """Titles, authors and venues full of TeX come back as the text they were."""
    text = st.text(min_size=1, max_size=30)
    title, venue = data.draw(text), data.draw(text)
    authors = tuple(data.draw(st.lists(text, min_size=1, max_size=3)))
    source = Source("a2020b", title, authors, 2020, "V", venue, url="https://x/" + data.draw(text))
    (entry,) = entries(bibliography.bibtex([source])).values()
    assert typeset(entry["title"]) == flat(title)
    assert typeset(entry["author"]) == " and ".join(map(flat, authors))
    assert not set(entry["url"]) & set('{}\\ "<>')
    (item,) = json.loads(bibliography.csl([source]))
    assert item["title"] == title


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A & B", r"A \& B"),
        ("50 % of a_b #1 for $2", r"50 \% of a\_b \#1 for \$2"),
        (
            "x^2 ~ \\y {z}",
            r"x\textasciicircum{}2 \textasciitilde{} \textbackslash{}y "
            r"\textbraceleft{}z\textbraceright{}",
        ),
        ("a\nb", "a b"),
    ],
)
def test_characters_of_tex_are_written_out(text, wanted):
    """What TeX acts on is escaped and braces stay balanced."""
    assert bibliography.escape(text) == wanted


@pytest.mark.parametrize(
    ("venue", "wanted"),
    [
        ("Physical Review A 101, 062331", ("article", "Physical Review A", "101", "", "062331")),
        ("J 6(3), 411-420", ("article", "J", "6", "3", "411-420")),
        ("npj Quantum Information 7, 76", ("article", "npj Quantum Information", "7", "", "76")),
        ("Scientific Reports", ("article", "Scientific Reports", "", "", "")),
        ("NeurIPS 2019", ("inproceedings", "NeurIPS 2019", "", "", "")),
        ("CCS 2015, 1322-1333", ("inproceedings", "CCS 2015", "", "", "1322-1333")),
        (
            "Formal Methods 2024, 403-421",
            ("inproceedings", "Formal Methods 2024", "", "", "403-421"),
        ),
        ("Some Book, Springer", ("incollection", "Some Book, Springer", "", "", "")),
        ("Bachelor's thesis, QAR-Lab", ("phdthesis", "Bachelor's thesis, QAR-Lab", "", "", "")),
        (
            "GHSA-x4x5-jv3x-9c7m, CVE-2024-29032",
            ("misc", "GHSA-x4x5-jv3x-9c7m, CVE-2024-29032", *[""] * 3),
        ),
        ("", ("misc", "", "", "", "")),
    ],
)
def test_venues_tell_the_kind(venue, wanted):
    """Journals, meetings, books and theses are told apart, with volume and pages."""
    source = Source("a2020b", "T", ("A B",), 2020, "V", venue, arxiv="2001.00030")
    found = bibliography.published(source)
    assert (found.kind, found.venue, found.volume, found.issue, found.page) == wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Nana Liu", {"family": "Liu", "given": "Nana"}),
        ("Ronald de Wolf", {"family": "de Wolf", "given": "Ronald"}),
        ("Ada van der Berg", {"family": "van der Berg", "given": "Ada"}),
        ("MITRE ATLAS", {"literal": "MITRE ATLAS"}),
        ("The redqubit developers", {"literal": "The redqubit developers"}),
        ("Chen", {"literal": "Chen"}),
    ],
)
def test_people_are_told_from_bodies(name, wanted):
    """Family names carry their particles; what is no person keeps its name whole."""
    assert bibliography._name(name) == wanted
    braced = bibliography._author(name).startswith("{")
    assert braced == ("literal" in wanted)


def test_csl_keeps_its_schema(chain):
    """Each item has an id, a type and only variables that CSL knows, with text as values."""
    items = json.loads(bibliography.write(chain, "csl"))
    assert [item["id"] for item in items] == [item.id for item in chain.sources]
    for item in items:
        assert item["type"] in CSL_TYPES
        assert set(item) <= CSL_KEYS
        assert item["issued"]["date-parts"][0][0] > 1900
        assert all(set(name) in ({"literal"}, {"family", "given"}) for name in item["author"])
        texts = CSL_KEYS - {"author", "issued"}
        assert all(isinstance(item[key], str) for key in texts & set(item))
