"""What each kind of page holds, as text without scripts."""

import html
import json
import re

import pytest

from redqubit import killchain
from redqubit.serve.page import Site
from redqubit.serve.pages import matrix
from redqubit.serve.site import pages

CHAIN = killchain.load()


@pytest.fixture(scope="module")
def plain():
    """Return every page as text without markup."""
    return {path: flat(text) for path, text in pages(CHAIN) if path.endswith(".html")}


def flat(text):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", text)))


def squeeze(text):
    return re.sub(r"\s+", " ", text).strip()


def test_a_technique_page_holds_everything_in_the_record(plain):
    """Every field of every technique stands on its page."""
    index = Site(CHAIN).index
    for item in CHAIN.techniques:
        text = plain[f"technique/{item.id}.html"]
        told = [item.id, item.name, item.summary, item.how, item.maturity, item.cost.basis]
        told += [item.cost.skill, item.detectability.level, item.detectability.signal]
        told += [*item.access, *item.hardware, *item.open_questions]
        told += [f"{word} box" for word in item.knowledge]
        told += [tactic.name for tactic in CHAIN.tactics if tactic.id in item.tactics]
        for kind, names in (
            (CHAIN.components, item.components),
            (CHAIN.assets, item.assets),
            (CHAIN.actors, item.actors),
            (CHAIN.traits, item.applies.words),
            (CHAIN.capabilities, item.requires.words | set(item.grants)),
        ):
            told += [word.name for word in kind if word.id in names]
        for anchor in item.mappings:
            told += [anchor.framework, anchor.id, anchor.name]
        for record in index.records(item):
            told += [record.id, record.claim, record.locator, record.dataset, record.device]
            told += [other.claim for other in index.contradictions[record.id]]
        for mitigation, edge in index.edges(item):
            told += [mitigation.name, edge.sentence, edge.strength]
        for entry in index.executables[item.id]:
            attack = entry.kind == "attack"
            told.append(f"redqubit attack {entry.name}" if attack else entry.title)
        told += [case.name for case in index.cases[item.id]]
        for part in told:
            assert squeeze(part) in text, (item.id, part)


def test_every_technique_names_those_before_and_after_it(plain):
    """Without evidence or mitigation the page says so."""
    index = Site(CHAIN).index
    for item in CHAIN.techniques:
        text = plain[f"technique/{item.id}.html"]
        assert ("None found after a search." in text) == (not index.records(item))
        assert ("None known: a gap." in text) == (not index.edges(item))


def test_the_matrix_holds_every_technique_in_each_tactic(plain):
    """Each cell is text: the name, the maturity and whether it can be run."""
    text = plain["index.html"]
    for item in CHAIN.techniques:
        found = re.findall(rf"{re.escape(item.name)}, {item.maturity}", text)
        assert len(found) >= len(item.tactics)


def test_the_facets_hold_what_the_filters_ask_for():
    """Every choice of a filter but the years fits a technique or names a known word."""
    found = matrix.facets(Site(CHAIN))
    assert found.keys() == {item.id for item in CHAIN.techniques}
    words = json.loads(json.dumps(found))
    for name, _, options in matrix.choices(Site(CHAIN)):
        if name == "since":
            continue
        used = set()
        for facets in words.values():
            value = facets[name]
            used |= {value} if isinstance(value, str) else set(value)
        assert used - {"any"} <= {value for value, _ in options}


def test_the_literature_holds_every_source_and_record(plain):
    """Titles, authors, identifiers and everything drawn from a source stand on one page."""
    text = plain["literature.html"]
    for source in CHAIN.sources:
        for part in (source.title, source.authors[0], str(source.year), source.venue):
            assert squeeze(part) in text
    for record in CHAIN.evidence:
        assert record.id in text
        assert squeeze(record.claim) in text


def test_mitigation_pages_hold_every_edge(plain):
    """A mitigation tells what it does for each technique, how well and on what ground."""
    for item in CHAIN.mitigations:
        text = plain[f"mitigation/{item.id}.html"]
        for part in (item.name, item.summary, item.cost, item.kind):
            assert squeeze(part) in text
        for edge in item.mitigates:
            assert squeeze(edge.sentence) in text
            assert CHAIN.by_id[edge.technique].name in text


def test_case_pages_hold_every_step(plain):
    """The steps of a case are numbered sentences, each with tactic and technique."""
    for item in CHAIN.cases:
        text = plain[f"case/{item.id}.html"]
        for step in item.steps:
            assert squeeze(step.text) in text
            assert CHAIN.by_id[step.technique].name in text
        assert item.command in text


def test_claims_and_challenges_are_whole(plain):
    """Statement, source, test, verdict and reason stand together; so do the open problems."""
    for item in CHAIN.claims:
        for part in (item.statement, item.made_by, item.experiment, item.verdict, item.reason):
            assert squeeze(part) in plain["claims.html"]
    for item in CHAIN.challenges:
        for part in (item.name, item.text):
            assert squeeze(part) in plain["challenges.html"]


def test_the_vocabulary_explains_every_word(plain):
    """Every capability, trait, actor, component, asset and party stands with its meaning."""
    for kind in (CHAIN.capabilities, CHAIN.traits, CHAIN.actors, CHAIN.components, CHAIN.assets):
        for word in (*kind, *CHAIN.parties):
            assert squeeze(word.name) in plain["vocabulary.html"]
            assert squeeze(word.meaning) in plain["vocabulary.html"]


def test_the_list_without_scripts_leads_to_everything(plain):
    """Without scripts the search page is a list from A to Z of all that has a name."""
    text = plain["search.html"]
    for kind in (CHAIN.techniques, CHAIN.mitigations, CHAIN.cases, CHAIN.capabilities):
        for item in kind:
            assert squeeze(item.name) in text


def test_the_literature_is_there_as_bibtex():
    """Every source has an entry under its key, and the page links to the file."""
    texts = dict(pages(CHAIN))
    for source in CHAIN.sources:
        assert re.search(rf"^@\w+\{{{source.id},$", texts["literature.bib"], re.MULTILINE)
    assert 'href="literature.bib"' in texts["literature.html"]
