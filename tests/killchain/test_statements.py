"""Three texts on the security of quantum machine learning, statement by statement.

Run with ``--collect-only -q`` for the list of statements and the objects that stand for them.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from redqubit import killchain
from redqubit.killchain import document

FOLDER = Path(__file__).parent / "statements"
LEAST = {"kill_chain": ("K", 42), "poisoning": ("P", 106), "service": ("S", 130)}
KEYS = ["id", "says", "where", "ids", "note"]
CHAIN = killchain.load()
OBJECTS = CHAIN.by_id.keys() | CHAIN.words.keys()


def statements(text: str) -> list[dict[str, Any]]:
    """Return the statements of one text, in their order."""
    return document.read(FOLDER / f"{text}.yaml").data


def listed() -> list[Any]:
    """Return every statement with a test id that reads ``statement -> ids``."""
    return [
        pytest.param(entry, id=f"{entry['id']} -> {' '.join(entry['ids']) or entry['note']}")
        for text in LEAST
        for entry in statements(text)
    ]


@pytest.mark.parametrize("entry", listed())
def test_a_statement_leads_to_objects_that_exist(entry):
    """Every id is in the chain, none is given twice, and where none is given a note says why."""
    assert list(entry) == KEYS
    assert entry["says"].endswith(".")
    assert entry["where"]
    assert [name for name in entry["ids"] if name not in OBJECTS] == []
    assert len(set(entry["ids"])) == len(entry["ids"])
    assert entry["ids"] or entry["note"]


@pytest.mark.parametrize("text", LEAST)
def test_no_statement_is_lost(text):
    """Each text keeps its statements, numbered without a gap behind the text's own letter."""
    letter, least = LEAST[text]
    names = [entry["id"] for entry in statements(text)]
    assert len(names) >= least
    assert names == [f"{letter}{number:03d}" for number in range(1, len(names) + 1)]


def test_every_file_is_one_of_the_texts():
    """The folder holds the three texts and nothing else."""
    assert {path.name for path in FOLDER.iterdir()} == {f"{text}.yaml" for text in LEAST}


def test_few_statements_stand_alone():
    """Most of what the texts say about security has its place in the chain."""
    entries = [entry for text in LEAST for entry in statements(text)]
    assert sum(not entry["ids"] for entry in entries) <= len(entries) // 20


def test_the_texts_reach_the_whole_matrix():
    """Together they touch every tactic, every component and every asset."""
    reached = {name for text in LEAST for entry in statements(text) for name in entry["ids"]}
    techniques = [item for item in CHAIN.techniques if item.id in reached]
    assert {name for item in techniques for name in item.tactics} == {t.id for t in CHAIN.tactics}
    assert {name for item in techniques for name in item.components} >= {
        item.id for item in CHAIN.components
    }
    assert {item.id for item in CHAIN.assets} <= reached | {
        name for item in techniques for name in item.assets
    }


def test_claims_with_numbers_are_claims_of_the_chain():
    """A percentage, a price or a count of circuits that a text states is kept as a claim."""
    numbers = re.compile(r"\d+ %|\d\.\d+ against|2n ")
    said = [entry for text in LEAST for entry in statements(text) if numbers.search(entry["says"])]
    assert len(said) >= 4
    for entry in said:
        assert any(name.startswith("QML.CL") for name in entry["ids"]), entry["id"]
