"""Headers of NumPy and safetensors files."""

import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redqubit.scan.supply.content import inspect
from redqubit.scan.supply.data import Context, Data

MEDIUM = ("MOD-04", "medium")


def _safetensors(header, size, length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + bytes(size)


def _tensor(first, last, dtype="F32", shape=(1,)):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [first, last]}


def test_real_safetensors(rules):
    """What safetensors writes is silent."""
    numpy = pytest.importorskip("safetensors.numpy")
    arrays = {"a": np.eye(3), "b": np.arange(5, dtype="i2"), "c": np.array(True), "e": np.zeros(0)}
    assert rules(numpy.save(arrays, metadata={"by": "tests"}), "m.safetensors") == []
    torch = pytest.importorskip("torch")
    from safetensors.torch import save

    assert rules(save({"a": torch.ones(2, dtype=torch.bfloat16)}), "m.safetensors") == []


@pytest.mark.parametrize(
    "content",
    [
        _safetensors({"a": _tensor(0, 4)}, 4, length=2**39),
        _safetensors({"a": _tensor(0, 8)}, 4),
        _safetensors({"a": _tensor(0, 4), "b": _tensor(2, 6)}, 6),
        _safetensors({"a": _tensor(4, 8)}, 8),
        _safetensors({"a": _tensor(0, 4)}, 9),
        _safetensors({"a": _tensor(0, 4, shape=(2,))}, 4),
        _safetensors({"a": _tensor(0, 4, shape=(-1,))}, 4),
        _safetensors({"a": _tensor(0, 4, shape=(2**40, 2**40))}, 4),
        _safetensors({"a": {"dtype": "F32"}}, 4),
        _safetensors(b'{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "a": 1}', 4),
        _safetensors(b'{"a": ', 4),
        _safetensors(b"{\xff\xff}", 4),
    ],
)
def test_broken_safetensors(rules, content):
    """Lengths, offsets and shapes that do not fit, doubled keys and no JSON are medium."""
    assert rules(content, "m.safetensors") == [MEDIUM]


def test_object_fields(rules):
    """A structured array with a field of objects is a pickle as well."""
    file = io.BytesIO()
    np.save(file, np.zeros(1, dtype=[("a", "i4"), ("b", "O")]), allow_pickle=True)
    assert rules(file.getvalue()) == [("MOD-01", "medium")]


@pytest.mark.parametrize(
    "header",
    [b"{'descr': '<f8'", b"{}", b"[1]", b"(" * 5_000, b"{'descr': [[[]]]}"],
)
def test_broken_numpy(look, header):
    """A header that is none is unread or harmless, never an error."""
    content = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
    assert all(hasattr(report, "reason") for report in look(content))


def test_numpy_header_beyond_the_file(look):
    """A header longer than the file is unread."""
    [report] = look(b"\x93NUMPY\x02\x00\xff\xff\xff\xff{}")
    assert "not there" in report.reason


@given(st.binary(max_size=200), st.integers(0, 2**40))
def test_any_bytes(content, length):
    """Any bytes after the marks are judged without an error."""
    context = Context("x.safetensors", inspect)
    for start in (b"\x93NUMPY\x01\x00", length.to_bytes(8, "little") + b"{"):
        list(inspect(Data.of(start + content), context))
