"""Mutate job payloads in JSON: values, keys, types, nesting, and what JSON leaves open."""

from __future__ import annotations

import json
import random
from typing import Any, Final

# Text that stands for a value no serializer would write.
RAW: Final = (
    *("NaN", "Infinity", "-Infinity", "1e400", "-0", "1" * 400, "1e-400", "0.1e1", "01", "+1"),
    *("null", "true", "[]", "{}", '""', '"\\u0000"', '"\\ud800"', "'a'", "undefined", "// a"),
    *("18446744073709551616", "-9223372036854775809", '"1e9"', "[" * 200 + "]" * 200),
    *('{"__type__": "Instance", "__value__": 0}', '{"__type__": "settings", "__module__": "a"}'),
    *('{"dataFormat": "plain"}', '{"a": 1, "a": 2}', '"' + "a" * 5000 + '"'),
)
_MARK: Final = "\ue000"


def mutate_json(payload: bytes, rng: random.Random, other: bytes = b"") -> bytes:
    """Return ``payload`` with one to three values, keys or characters changed."""
    try:
        data = json.loads(payload)
    except (ValueError, RecursionError):
        return _characters(payload, rng)
    raw: list[str] = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        data = _change(data, rng, raw)
    text = json.dumps(data, ensure_ascii=False)
    for value in raw:
        text = text.replace(f'"{_MARK}"', value, 1)
    result = text.encode("utf-8", "replace")
    if rng.random() < 0.15:
        result = _characters(result, rng)
    return result + other[: rng.randrange(20)] if other and rng.random() < 0.05 else result


def _change(data: Any, rng: random.Random, raw: list[str]) -> Any:
    """Replace, remove, copy or wrap something within ``data``."""
    if isinstance(data, dict) and data and rng.random() < 0.85:
        key = rng.choice(sorted(data))
        choice = rng.random()
        if choice < 0.1:
            return {name: value for name, value in data.items() if name != key}
        if choice < 0.2:
            return {**data, rng.choice(("", "__proto__", "\0", key.upper(), "a" * 3000)): data[key]}
        return {**data, key: _change(data[key], rng, raw)}
    if isinstance(data, list) and data and rng.random() < 0.85:
        at = rng.randrange(len(data))
        if rng.random() < 0.2:
            return data[:at] + data[at : at + 1] * rng.choice((0, 2, 20)) + data[at + 1 :]
        return [*data[:at], _change(data[at], rng, raw), *data[at + 1 :]]
    choice = rng.random()
    if choice < 0.2:
        return [data]
    if choice < 0.3:
        return {"a": data}
    raw.append(rng.choice(RAW))
    return _MARK


def _characters(payload: bytes, rng: random.Random) -> bytes:
    data = bytearray(payload)
    if data:
        at = rng.randrange(len(data))
        data[at : at + rng.choice((0, 1, 1))] = rng.choice(
            (b"", b"\0", b"\xff", b"\\", b'"', b"{", b"[", b",", b"\xef\xbb\xbf", b"\xed\xa0\x80")
        )
    return bytes(data)
