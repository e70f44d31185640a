"""ONNX models, written here field by field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redqubit.scan.supply import onnx
from redqubit.scan.supply.data import Context, Data


def _varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _field(number, value):
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    value = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _model(*graph, extra=b""):
    opset = _field(8, _field(2, 18))
    return _field(1, 9) + _field(2, "tests") + _field(7, b"".join(graph)) + opset + extra


def _node(operator, domain="", extra=b""):
    return _field(
        1, _field(1, "x") + _field(2, "y") + _field(4, operator) + _field(7, domain) + extra
    )


def _tensor(number, **external):
    pairs = b"".join(_field(13, _field(1, k) + _field(2, v)) for k, v in external.items())
    return _field(number, _field(1, 2) + _field(2, 1) + _field(8, "w") + pairs + _field(14, 1))


def test_plain(rules):
    """A model of standard operators with its data beside it is silent."""
    content = _model(
        _node("MatMul"),
        _node("Scaler", "ai.onnx.ml"),
        _node("Gelu", "com.microsoft"),
        _tensor(5, location="weights/w.bin", offset="0", length="16"),
    )
    assert onnx.is_model(Data.of(content))
    assert rules(content) == []


@pytest.mark.parametrize(
    "location",
    [
        "../w.bin",
        "a/../../w.bin",
        "/etc/passwd",
        "C:\\w.bin",
        "..\\w.bin",
        "\\\\host\\w",
        "w\0.bin",
    ],
)
def test_data_outside(rules, location):
    """External data that leads out of the folder is high, on any system."""
    assert rules(_model(_tensor(5, location=location))) == [("MOD-04", "high")]


def test_data_outside_in_an_attribute(rules):
    """It is found in tensors of attributes and of graphs inside nodes."""
    tensor = _tensor(5, location="../w")
    node = _node("Constant", extra=_field(5, _field(1, "value") + tensor))
    inner = _node("If", extra=_field(5, _field(1, "then") + _field(6, node)))
    assert rules(_model(node)) == [("MOD-04", "high")]
    assert rules(_model(inner)) == [("MOD-04", "high")]


@pytest.mark.parametrize("key", [{"__class__": "x"}, {"offset": "-1"}, {"length": "1e9"}])
def test_unknown_keys(rules, key):
    """Keys and numbers no reader needs are medium."""
    assert rules(_model(_tensor(5, location="w", **key))) == [("MOD-04", "medium")]


def test_custom_operators(rules):
    """An operator of an unknown domain is medium, once a domain; one the model defines is not."""
    assert rules(_model(_node("Boom", "my.ops"), _node("Bang", "my.ops"))) == [("MOD-04", "medium")]
    function = _field(25, _field(1, "Boom") + _field(10, "my.ops") + _node("Identity")[0:0])
    assert rules(_model(_node("Boom", "my.ops"), extra=function)) == []


def test_broken(look):
    """A graph that breaks off is named as unread."""
    content = _model(_field(1, b"\x0a\x7f"))
    assert ["not a whole ONNX model" in report.reason for report in look(content)] == [True]


@given(st.binary(max_size=200))
def test_any_bytes(content):
    """Any bytes are walked without an error, also as a graph."""
    context = Context("m.onnx", lambda *_: iter(()))
    onnx.is_model(Data.of(content))
    list(onnx.check(Data.of(content), context))
    list(onnx.check(Data.of(_model(content)), context))
