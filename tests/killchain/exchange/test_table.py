"""CSV tables: RFC 4180, no formulas, everything there."""

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.killchain.exchange import table


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_each_object_is_a_row(chain):
    """Techniques, mitigations, evidence and sources have one row each, in order."""
    made = table.write(chain)
    for name in ("techniques", "mitigations", "evidence", "sources"):
        ids = [row["id"] for row in rows(made[f"{name}.csv"])]
        assert ids == [item.id for item in getattr(chain, name)]


def test_edges_lead_between_objects(chain):
    """Each end of an edge is an object or a capability, and no mitigation's edge is lost."""
    found = rows(table.write(chain)["edges.csv"])
    known = chain.by_id.keys() | chain.words.keys()
    assert {row[end] for row in found for end in ("source", "target")} <= known
    mitigating = [(row["source"], row["target"]) for row in found if row["kind"] == "mitigates"]
    assert mitigating == [(m.id, edge.technique) for m in chain.mitigations for edge in m.mitigates]


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_text_comes_back(chains, data):
    """Commas, quotes and line breaks come back; only a guarded cell has one apostrophe more."""
    chain = data.draw(chains)
    made = table.write(chain)
    for text in made.values():
        assert text.endswith("\r\n")
        lengths = {len(row) for row in csv.reader(io.StringIO(text, newline=""))}
        assert len(lengths) == 1
    for row, item in zip(rows(made["techniques.csv"]), chain.techniques, strict=True):
        assert row["summary"] == table.guarded(item.summary)
        assert row["name"] == table.guarded(item.name)
    for row, record in zip(rows(made["evidence.csv"]), chain.evidence, strict=True):
        assert row["value"] == ("" if record.value is None else repr(record.value))


@given(text=st.text())
def test_no_text_is_a_formula(text):
    """A cell never begins as a formula, and the guard is one apostrophe that can be taken off."""
    made = table.guarded(text)
    assert not made.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert made in (text, f"'{text}")


def test_tables_are_the_same_each_time(sample):
    """Equal content gives equal tables."""
    assert table.write(sample) == table.write(sample)
