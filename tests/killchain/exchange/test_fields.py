"""Values are taken out of documents with their type checked and their place known."""

import pytest

from redqubit.core.errors import InputError
from redqubit.killchain import document
from redqubit.killchain.exchange.fields import Fields, Known, Notes, check_family

TEXT = """\
a: x
b: [y, z]
c: {d: 1.5, e: true}
f:
- {g: h}
- {g: ""}
i: null
"""


@pytest.fixture
def top() -> Fields:
    return Fields.root(document.parse(TEXT, "f.yaml"))


def test_values_of_the_right_type_come_out(top):
    """Text, lists, numbers, truth values and what lies below are returned as they are."""
    assert top.text("a") == "x"
    assert top.texts("b") == ("y", "z")
    assert top.part("c").number("d") == 1.5
    assert top.part("c").flag("e") is True
    assert [item.text("g", "") for item in top.each("f")] == ["h", ""]
    assert [(name, item.path) for name, item in Fields.root(top.source).entries("i")] == []


def test_what_is_absent_or_null_is_empty(top):
    """A key that is missing or null reads as the default or as nothing."""
    assert top.text("i", "else") == top.text("z", "else") == "else"
    assert top.texts("i") == ()
    assert top.part("i") is None
    assert top.number("i") is None
    assert list(top.each("z")) == []
    assert top.flag("z") is False


@pytest.mark.parametrize(
    ("take", "message"),
    [
        (lambda top: top.text("b"), r"f\.yaml:2: b: must be text, got a list"),
        (lambda top: top.text("z"), r"f\.yaml:1: z: must be text, got nothing"),
        (lambda top: top.texts("a"), r"f\.yaml:1: a: must be a list of texts, got 'x'"),
        (lambda top: top.part("c").text("d"), r"f\.yaml:3: c\.d: must be text, got 1\.5"),
        (lambda top: top.part("a"), r"f\.yaml:1: a: must be a mapping, got 'x'"),
        (lambda top: top.number("a"), r"f\.yaml:1: a: must be a number"),
        (lambda top: top.part("c").number("e"), r"f\.yaml:3: c\.e: must be a number"),
        (lambda top: top.flag("a"), r"f\.yaml:1: a: must be true or false"),
        (lambda top: list(top.each("b")), r"f\.yaml:2: b\[0\]: must be a mapping, got 'y'"),
        (lambda top: list(top.entries("c")), r"f\.yaml:3: c\.d: must be a mapping, got 1\.5"),
        (lambda top: list(top.each("f"))[1].text("g"), r"f\.yaml:6: f\[1\]\.g: must be text"),
        (lambda top: top.word("a", ("xx", "y")), r"f\.yaml:1: a: unknown word 'x'"),
    ],
)
def test_values_of_another_type_are_refused(top, take, message):
    """The error names file, line, key, what was wanted and what came."""
    with pytest.raises(InputError, match=f"^{message}"):
        take(top)


def test_words_are_found_whatever_their_case(top):
    """A word comes back as it is spelled among the allowed ones."""
    assert top.word("a", ("X",)) == "X"


def test_ids_are_used_once_and_point_somewhere(top):
    """A second use and a dangling reference are errors, the latter with the near miss."""
    known = Known()
    known.add("things", "T0001", top, "a")
    known.want("things", "T0001", top, "b")
    known.check()
    with pytest.raises(InputError, match="the id T0001 is already used by one of the things"):
        known.add("things", "T0001", top, "a")
    known.want("things", "T0002", top, "b")
    with pytest.raises(InputError, match="did you mean 'T0001'"):
        known.check()


def test_families_have_two_generations(top):
    """A child's child and a thing that is its own parent are errors."""
    check_family({"a": ("", top), "b": ("a", top)})
    with pytest.raises(InputError, match="which has a parent itself"):
        check_family({"a": ("", top), "b": ("a", top), "c": ("b", top)})
    with pytest.raises(InputError, match="which has a parent itself"):
        check_family({"a": ("a", top)})


def test_notes_are_said_once(top):
    """The same remark about many objects is one sentence."""
    notes = Notes()
    for _ in range(3):
        notes.beyond("things", top, frozenset("abcf"))
    assert notes.all == ("the key 'i' of things is not held",)
