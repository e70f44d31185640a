"""What a file is, by its bytes; and that no bytes break a reader."""

import base64
import gzip
import io
import json
import pickle
import zipfile

import joblib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.scan.supply.content import inspect
from redqubit.scan.supply.data import Context, Data
from redqubit.scan.supply.hit import Hit


def _seeds():
    array, zipped, packed = io.BytesIO(), io.BytesIO(), io.BytesIO()
    np.savez(array, a=np.eye(2), b=np.array([None], dtype=object))
    joblib.dump({"a": np.arange(5.0), "b": np.array(["x", None], dtype=object)}, packed)
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("config.json", '{"module": "keras", "class_name": "Lambda"}')
        archive.writestr("data.pkl", pickle.dumps({"a": 1}, 2))
    return [
        *(pickle.dumps({"a": np.eye(2), "b": [1, "x", None]}, protocol) for protocol in range(6)),
        array.getvalue(),
        zipped.getvalue(),
        packed.getvalue(),
        gzip.compress(packed.getvalue()),
        b"QISKIT\x0d\x02\x00\x00" + bytes(7) + b"\x01pq" + bytes(60),
        json.dumps({"a": base64.b64encode(pickle.dumps([1])).decode(), "__module__": "x"}).encode(),
        (40).to_bytes(8, "little")
        + b'{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}',
        b"\x08\x09\x3a\x10\x0a\x0e\x0a\x01x\x22\x04Boom\x3a\x03my.\x42\x02\x10\x12",
        b"\x89HDF\r\n\x1a\n" + bytes(40) + pickle.dumps([1]),
    ]


SEEDS = _seeds()


def _run(content, name="file"):
    return list(inspect(Data.of(content), Context(name, inspect)))


@pytest.mark.parametrize("seed", range(len(SEEDS)))
@settings(max_examples=60)
@given(data=st.data())
def test_changed_files_break_nothing(seed, data):
    """A real file of any kind, with bytes changed, cut, doubled or put in, gives only reports."""
    content = bytearray(SEEDS[seed])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content)))
        match data.draw(st.sampled_from(["change", "cut", "insert", "double"])):
            case "change" if place < len(content):
                content[place] = data.draw(st.integers(0, 255))
            case "cut":
                del content[place : place + data.draw(st.integers(1, 20))]
            case "insert":
                content[place:place] = data.draw(st.binary(max_size=8))
            case _:
                content[place:place] = content[place : place + 30]
    _run(bytes(content))


@given(st.binary(max_size=500), st.sampled_from(["x", "x.json", "x.pkl", "x.onnx", "config.json"]))
def test_any_bytes(content, name):
    """Any bytes under any name give only reports."""
    _run(content, name)


@given(st.text(max_size=300))
def test_text_is_no_finding(text):
    """Random text is never a finding."""
    assert [report for report in _run(text.encode()) if isinstance(report, Hit)] == []


def test_random_numbers_are_no_finding(rules):
    """Raw numbers, as weights are stored, are never a finding."""
    rng = np.random.default_rng(3)
    for _ in range(300):
        assert rules(rng.normal(size=60).astype("f4").tobytes()) == []


def test_called_a_pickle_but_none(look):
    """A file called a pickle in no known form is named."""
    assert "not in any form" in look(b"\x00\x01\x02\x03", "model.pkl")[0].reason
    assert look(b"", "model.pkl") == []
