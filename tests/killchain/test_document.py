"""Whatever text comes in, plain data or one clear sentence comes out."""

import contextlib
import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redqubit.core.errors import InputError
from redqubit.killchain import document

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "form", "says"),
    [
        ("a: [", "yaml", r"x:1: not YAML|x:2: not YAML"),
        ("a: 1\nb: 2\na: 3", "yaml", r"x:3: the key 'a' is given twice"),
        (BOMB, "yaml", "references unfold to over"),
        ("a: &a [*a]", "yaml", "refers to itself"),
        ("a: &a {b: *a}", "yaml", "refers to itself"),
        ("a: !!python/object/apply:os.getcwd []", "yaml", "asks for more than plain data"),
        ("a: !!python/name:os.getcwd", "yaml", "asks for more than plain data"),
        ("a: !!binary aGk=", "yaml", "asks for more than plain data"),
        ("? [1, 2]\n: 3", "yaml", "a key must be text"),
        ("a: " + "9" * 5000, "yaml", "5000 digits"),
        ("[" * 100 + "]" * 100, "yaml", "nested deeper than 64"),
        ("[" * 100000, "yaml", "nested deeper than 64"),
        ("- " * 100000, "yaml", "nested deeper than 64"),
        ("{a: " * 100000, "yaml", "nested deeper than 64"),
        ("\n".join("a:".rjust(i + 2) for i in range(3000)), "yaml", "nested deeper than 64"),
        ("a: 1\n---\nb: 2", "yaml", "not YAML"),
        ("a: \x07", "yaml", "not YAML"),
        ('{"a": 1,\n "a": 2}', "json", r"x:2: the key 'a' is given twice"),
        ('{"a": }', "json", r"x:1: not JSON"),
        ("[" * 100 + "]" * 100, "json", "nested deeper than 64"),
        ("[" * 100000, "json", "nested deeper than 64"),
        ('{"a": "\\ud800"}', "json", "half of a surrogate pair"),
        ('{"a": NaN}', "json", "NaN is not a number JSON knows"),
        ('{"a": ' + "9" * 5000 + "}", "json", "5000 digits"),
        ('{"a": 1e' + "9" * 500 + "}", "json", "502 digits|digits"),
    ],
)
def test_hostile_text_is_one_sentence(text, form, says):
    """Bombs, cycles, code, doubles and depth are refused by name, with the line where known."""
    with pytest.raises(InputError, match=says):
        document.parse(text, "x", form)


@given(st.text(alphabet=string.printable, max_size=200), st.sampled_from(["yaml", "json"]))
def test_any_text_gives_data_or_an_input_error(text, form):
    """No text makes the reader fail in any other way."""
    with contextlib.suppress(InputError):
        document.parse(text, "x", form)


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(PLAIN)
def test_json_reads_back_as_it_was(data):
    """Plain data survive being written and read."""
    assert document.parse(json.dumps(data), "x", "json").data == data


def test_references_are_allowed_while_they_stay_small():
    """An anchor used twice is an ordinary YAML file."""
    assert document.parse("a: &a [1]\nb: *a", "x").data == {"a": [1], "b": [1]}


def test_dates_stay_text():
    """A date is not turned into an object."""
    assert document.parse("day: 2026-11-20", "x").data == {"day": "2026-11-20"}


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("", 1),
        ("a", 1),
        ("b[1]", 4),
        ("b[1].c", 4),
        ("b[1].missing", 4),
        ("nothing", 1),
        ("d.e.f", 6),
    ],
)
def test_an_error_knows_its_line(path, line):
    """The line is that of the entry, or of the deepest part of its path that exists."""
    source = document.parse("a: 1\nb:\n  - c: 2\n  - c: 3\nd.e:\n  f: 4\n", "x")
    assert source.line(path) == line
    assert str(source.error("wrong", path)).startswith(f"x:{line}: ")


def test_what_cannot_be_read_is_named(tmp_path):
    """A missing file, a folder and bytes that are no text each give a sentence."""
    with pytest.raises(InputError, match="cannot read"):
        document.read(tmp_path / "none.yaml")
    with pytest.raises(InputError, match="cannot read"):
        document.read(tmp_path)
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="is not UTF-8"):
        document.read(tmp_path / "bytes.yaml")


def test_a_file_over_the_limit_is_not_read(tmp_path, monkeypatch):
    """The size is looked at before the content."""
    monkeypatch.setattr(document, "BYTES", 10)
    (tmp_path / "big.yaml").write_text("a: 123456789")
    with pytest.raises(InputError, match="nothing of that size is read"):
        document.read(tmp_path / "big.yaml")
