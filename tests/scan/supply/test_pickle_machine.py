"""Following pickles without running them."""

import io
import pickle
import pickletools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redqubit.scan.supply.pickle_machine import Name, walk

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
        | st.tuples(inner, inner)
        | st.frozensets(st.integers(), max_size=3)
    ),
    max_leaves=12,
)


def _walk(content):
    return walk(io.BytesIO(content))


def _names(content):
    return [(event.kind, str(event.name)) for event in _walk(content).events]


@given(VALUES, st.integers(0, 5))
def test_plain_data_calls_nothing_of_note(value, protocol):
    """Plain data of any protocol is followed to its end and imports at most builtins."""
    content = pickle.dumps(value, protocol)
    found = _walk(content)
    assert found.reason == ""
    assert found.end == len(content)
    assert {event.name.module for event in found.events if event.name} <= {
        "builtins",
        "__builtin__",
        "_codecs",
    }


@given(VALUES, st.integers(0, 5))
def test_imports_are_those_of_the_opcodes(value, protocol):
    """Every GLOBAL opcode the standard library lists is an event."""
    content = pickle.dumps(value, protocol)
    listed = {
        tuple(arg.split(" ")) for op, arg, _ in pickletools.genops(content) if op.name == "GLOBAL"
    }
    seen = {(e.name.module, e.name.name) for e in _walk(content).events if e.kind == "import"}
    assert listed <= seen


@pytest.mark.parametrize("protocol", range(6))
def test_a_command_is_seen(command, protocol):
    """A call is seen in every protocol."""
    assert ("call", "posix.system") in _names(pickle.dumps([1, command], protocol))


@pytest.mark.parametrize(
    "content",
    [
        b"cos\nsystem\n(S'true'\ntR.",
        b"(S'true'\nios\nsystem\n.",
        b"(cos\nsystem\nS'true'\no.",
        b"cos\nsystem\n(S'true'\nt\x81.",
        b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x93\x8c\x04true\x85R.",
        b"\x80\x04\x8c\x06system\x94\x8c\x02os\x94h\x01h\x00\x93\x8c\x04true\x85R.",
        b"\x80\x04\x8c\x02osq\x63\x8c\x06systemq\x64h\x63h\x64\x93\x8c\x04true\x85R.",
        b"\x80\x02U\x02osU\x06system\x93U\x04true\x85R.",
        b"\x80\x04\x8c\x02os\x8c\x06system\x93\x32\x30\x8c\x04true\x85R.",
    ],
)
def test_ways_to_call(content):
    """GLOBAL, INST, OBJ, NEWOBJ and STACK_GLOBAL through any memo are the same call."""
    assert ("call", "os.system") in _names(content)


def test_computed_import():
    """A name that a call computes is reported as computed."""
    content = (
        b"\x80\x04c_codecs\nencode\n\x8c\x02bf\x8c\x05rot13\x86R\x8c\x06system\x93\x8c\x01a\x85R."
    )
    kinds = [event.kind for event in _walk(content).events]
    assert "computed import" in kinds
    assert kinds.count("computed call") == 1


def test_changing_an_imported_thing():
    """Setting attributes of an imported module's object is a patch."""
    assert ("patch", "collections.OrderedDict") in _names(b"ccollections\nOrderedDict\n}b.")


def test_extension_registry():
    """Codes of the extension registry are reported, since their meaning is not in the file."""
    assert [event.kind for event in _walk(b"\x80\x02\x82\x01.").events] == ["extension"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x80\x04", "exhausted"),
        (b"\x80\x04\x8c\xff\x01", "expected"),
        (b"\x80\x04R.", "empty stack"),
        (b"\x80\x04h\x05.", "never written"),
        (b"\x80\x04t.", "mark"),
        (b"\x80\x04\xff", "unknown"),
    ],
)
def test_broken(content, reason):
    """A pickle that breaks off or breaks the stack says why."""
    assert reason in _walk(content).reason


def test_events_before_a_break_count(command):
    """What runs before a pickle breaks off is still reported."""
    content = pickle.dumps(command, 4)[:-1] + b"\xff\xff"
    found = _walk(content)
    assert found.reason
    assert found.called


def test_flood_of_opcodes(monkeypatch):
    """A flood of opcodes ends at the limit."""
    monkeypatch.setattr("redqubit.scan.supply.pickle_machine.OPCODES", 1000)
    assert "opcodes" in _walk(b"\x80\x04" + b"N0" * 10_000 + b"N.").reason


def test_name_as_text():
    """A name reads like an import."""
    assert str(Name("numpy", "dtype")) == "numpy.dtype"


@given(st.binary(max_size=400))
def test_any_bytes(content):
    """Any bytes are followed without an error."""
    _walk(content)
    _walk(b"\x80\x04" + content)
