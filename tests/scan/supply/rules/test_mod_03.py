"""Job and result files in JSON: those of vulnerable releases, and harmless ones."""

import base64
import gzip
import io
import json
import pickle
import struct
import time
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redqubit.scan.supply.content import inspect
from redqubit.scan.supply.data import Context, Data

HIGH = ("MOD-03", "high")
HEADER = {"name": "braket.jobs_data.persisted_job_data", "version": "1"}


def _base64(content):
    return base64.b64encode(content).decode()


def _result(form, values):
    data = {"braketSchemaHeader": HEADER, "dataDictionary": values, "dataFormat": form}
    return json.dumps(data, indent=1).encode()


def test_pickled_result(rules):
    """A Braket result that declares itself pickled is high, once."""
    content = _result("pickled_v4", {"model": _base64(pickle.dumps({"a": 1}))})
    assert rules(content, "results.json") == [HIGH]


def test_pickled_result_with_a_command(rules, command):
    """What its pickle would call is told besides."""
    content = _result("pickled_v4", {"model": _base64(pickle.dumps(command))})
    assert sorted(rules(content, "results.json")) == [("MOD-01", "critical"), HIGH]


def test_plain_result(rules):
    """A result in plain text is silent."""
    assert rules(_result("plaintext", {"a": [1, 2.5], "b": "energy"}), "results.json") == []


@pytest.mark.parametrize(
    "module", ["os", "subprocess", "qiskit_evil", "qiskitx.runtime", "builtins"]
)
def test_typed_object(rules, module):
    """A typed object of a module outside Qiskit is high."""
    data = {"a": [{"__type__": "settings", "__module__": module, "__class__": "X"}]}
    assert rules(json.dumps(data).encode()) == [HIGH]


def test_typed_objects_of_the_runtime(rules):
    """What the fixed releases write is silent: circuits as QPY, arrays, settings of Qiskit."""
    file = io.BytesIO()
    np.save(file, np.arange(200))
    head = struct.pack("!6sBBBBQcc", b"QISKIT", 13, 2, 0, 0, 0, b"p", b"q")
    data = {
        "circuit": {"__type__": "QuantumCircuit", "__value__": _base64(zlib.compress(head * 3))},
        "array": {"__type__": "ndarray", "__value__": _base64(zlib.compress(file.getvalue()))},
        "other": {"__type__": "settings", "__module__": "qiskit_ibm_runtime.x", "__class__": "N"},
        "complex": {"__type__": "complex", "__value__": [1, 0]},
    }
    assert rules(json.dumps(data).encode()) == []


def test_old_circuit_inside(rules):
    """A circuit in the old format inside a payload is found."""
    head = struct.pack("!6sBBBBQcc", b"QISKIT", 12, 1, 2, 0, 0, b"e", b"q")
    data = {"c": {"__type__": "QuantumCircuit", "__value__": _base64(zlib.compress(head))}}
    assert rules(json.dumps(data).encode()) == [("MOD-02", "high")] * 2


@pytest.mark.parametrize("pack", [bytes, zlib.compress, gzip.compress])
def test_pickle_as_text(rules, command, pack):
    """A pickle as base64 anywhere is found, also compressed."""
    data = {"a": [{"b": _base64(pack(pickle.dumps([command])))}]}
    assert ("MOD-01", "critical") in rules(json.dumps(data).encode())


def test_harmless_pickle_as_text(rules):
    """Even a harmless pickle is high in a text format, since its reader must unpickle."""
    assert rules(json.dumps({"b": _base64(pickle.dumps([1] * 9))}).encode()) == [HIGH]


def test_protocol_0_as_text(rules):
    """A pickle of protocol 0 as base64 is found."""
    data = {"b": _base64(b"cposix\nsystem\n(S'true'\ntR.")}
    assert rules(json.dumps(data).encode()) == [("MOD-01", "critical")]


def test_jsonpickle(rules):
    """A jsonpickle object is high."""
    assert rules(b'{"a": {"py/reduce": [{"py/function": "os.system"}]}}') == [HIGH] * 2


def test_escapes_hide_nothing(rules):
    """Escaped letters are read as JSON reads them."""
    assert rules(b'{"dataFormat": "\\u0070ickled_v4"}') == [HIGH]


@pytest.mark.parametrize(
    "content",
    [
        b'{"x": NaN, "dataFormat": "pickled_v4"}',
        b'{"x": [-Infinity, "NaN, // 1"], "dataFormat": "pickled_v4"}',
        b'{\n// a "comment"\n"x": 1, /* two\nlines */ "dataFormat": "pickled_v4",\n}',
    ],
)
def test_text_that_is_not_quite_json(rules, look, content):
    """What Python's writer and settings files add to JSON hides nothing and is no failure."""
    assert rules(content, "results.json") == [HIGH]
    assert len(look(content, "results.json")) == 1


def test_text_that_is_no_json(rules, look):
    """The marks are found in a broken file too, which is named as unread."""
    content = b'{"dataFormat": "pickled_v4", "x": "'
    assert rules(content, "results.json") == [HIGH]
    assert "not JSON" in look(content, "results.json")[0].reason


def test_comments_without_an_end_cost_no_time(look):
    """A megabyte of opened comments is read in a moment."""
    content = b'{"dataFormat": "pickled_v4"' + b"/*" * 500_000
    began = time.process_time()
    look(content, "results.json")
    assert time.process_time() - began < 5


def test_lines(project):
    """A finding stands on the line of its key."""
    [finding] = project({"r.json": _result("pickled_v4", {})}).findings
    assert finding.place.line == 7
    assert finding.place.file == "r.json"


@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        b"{}",
        b'{"counts": {"000": 512, "111": 512}}',
        b'{"token": "gAAAAABkZWZhdWx0LWZlcm5ldC10b2tlbi1ub3QtYS1waWNrbGU="}',
        b'{"hash": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}',
        b'{"image": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"}',
        b"{broken",
        b"{ int main() { return 0; } }",
    ],
)
def test_harmless(rules, content):
    """Counts, tokens, digests, images and other text in brackets are silent."""
    assert rules(content) == []


TREES = st.recursive(
    st.none() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=9,
)


@given(TREES)
def test_any_json(value):
    """Any JSON is looked through without an error, and random text is never a finding."""
    content = json.dumps([value, {"k": "gASVAAAA"}]).encode()
    assert list(inspect(Data.of(content), Context("x.json", inspect))) == []
