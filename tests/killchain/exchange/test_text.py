"""Plain data written as text reads as the same data."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.killchain import document
from redqubit.killchain.exchange.text import as_json, as_yaml

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.text("yes notrufal~0123456789.e+-:#,[]{}&*!|>'\"%@` \n\t\x85\u2028", max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=25,
)


@settings(deadline=None)
@given(PLAIN)
def test_yaml_reads_as_what_was_written(data):
    """Any text, number or nesting survives YAML, whatever YAML would make of it unquoted."""
    read = document.parse(as_yaml(data), "d")
    assert read.data == data
    assert repr(read.data) == repr(data)


@settings(deadline=None)
@given(PLAIN)
def test_json_reads_as_what_was_written(data):
    """The same holds for JSON."""
    assert document.parse(as_json(data), "d", "json").data == data


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"a": ["b", "c"], "d": [{"e": 1}, []]}, "a: [b, c]\nd:\n  - e: 1\n  - []\n"),
        ({"id": "QML.T0001", "on": "yes"}, 'id: QML.T0001\n"on": "yes"\n'),
        ([[1, 2.0], "a: b"], '-\n  - 1\n  - 2.0\n- "a: b"\n'.replace("-\n  - 1", "- - 1")),
        (1e-7, "1.0e-07\n"),
        ({}, "{}\n"),
    ],
)
def test_yaml_is_written_as_a_reader_expects(data, text):
    """Short lists stand on one line, plain words without quotes."""
    assert as_yaml(data) == text
