"""Frozen dataclasses to JSON and back, strictly: unknown keys and wrong types are errors."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import math
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import numpy as np

from redqubit.core.errors import InputError, unknown

T = TypeVar("T")


@functools.cache  # compiling the hints costs more than all checks together
def _hints(cls: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def to_json(value: Any) -> Any:
    """Turn a record (nested dataclasses, tuples, mappings, numpy scalars) into plain JSON data.

    Non-finite floats become None, because JSON has no word for them.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if isinstance(value, np.ndarray):
        return to_json(value.tolist())
    if isinstance(value, np.generic):
        return to_json(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    raise InputError(
        f"cannot store a {type(value).__name__} in a record; use numbers, text, tuples"
    )


def canonical(value: Any) -> str:
    """Return the one JSON text of a record: sorted keys, no spaces."""
    return json.dumps(to_json(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: Any) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of the record's canonical JSON."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()[:16]


def from_json(cls: type[T], data: Any, where: str = "") -> T:
    """Build the frozen dataclass ``cls`` from JSON data.

    Parameters
    ----------
    cls
        A dataclass; fields without default are required.
    data
        What ``json.loads`` or a safe YAML loader returned.
    where
        Path prefix for error messages.

    Raises
    ------
    InputError
        Unknown key (the near miss is named), missing key or wrong type.
    """
    if not isinstance(data, Mapping):
        raise InputError(
            f"{where or cls.__name__} must be a mapping of {cls.__name__} fields, got "
            f"{type(data).__name__}",
            where,
        )
    hints = _hints(cls)  # type: ignore[arg-type]  # a class is hashable
    fields = {field.name: field for field in dataclasses.fields(cls) if field.init}  # type: ignore[arg-type]
    for key in data:
        if key not in fields:
            path = f"{where}.{key}" if where else str(key)
            raise unknown(f"key in {where or cls.__name__}", str(key), fields, path)
    values = {
        name: convert(hints[name], data[name], f"{where}.{name}" if where else name)
        for name in fields
        if name in data
    }
    for name, field in fields.items():
        required = (
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        )
        if required and name not in values:
            raise InputError(f"{where or cls.__name__} lacks the key {name!r}", where)
    try:
        return cls(**values)
    except InputError as error:
        error.path = error.path or where
        raise


def convert(hint: Any, data: Any, where: str) -> Any:
    """Check ``data`` against a type hint and return the value it stands for.

    Raises
    ------
    InputError
        ``data`` does not have the type; ``where`` says which entry it is.
    """
    origin = get_origin(hint)
    if hint is Any:
        return data
    if origin in (Union, types.UnionType):
        return _convert_union(get_args(hint), data, where)
    if origin is Literal:
        if data not in get_args(hint):
            allowed = [str(item) for item in get_args(hint)]
            raise unknown(f"value for {where}", str(data), allowed, where)
        return data
    if origin is tuple:
        return _convert_tuple(get_args(hint), data, where)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(data, Mapping):
            raise InputError(f"{where} must be a mapping, got {type(data).__name__}", where)
        item = get_args(hint)[1]
        return {str(key): convert(item, data[key], f"{where}.{key}") for key in data}
    if dataclasses.is_dataclass(hint):
        return from_json(typing.cast(type[Any], hint), data, where)
    if hint is float and isinstance(data, int | float) and not isinstance(data, bool):
        try:
            return float(data)
        except OverflowError:
            raise InputError(f"{where} must be below 1e308, got a larger number", where) from None
    if hint in (int, str, bool) and type(data) is hint:
        return data
    name = getattr(hint, "__name__", str(hint))
    raise InputError(f"{where} must be {name}, got {data!r:.80}", where)


def _convert_union(options: tuple[Any, ...], data: Any, where: str) -> Any:
    if data is None and type(None) in options:
        return None
    reason: InputError | None = None
    for option in options:
        if option is type(None):
            continue
        try:
            return convert(option, data, where)
        except InputError as error:
            reason = error
    raise reason or InputError(f"{where} must be null, got {data!r:.80}", where)


def _convert_tuple(items: tuple[Any, ...], data: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(data, list | tuple):
        raise InputError(f"{where} must be a list, got {type(data).__name__}", where)
    if len(items) == 2 and items[1] is Ellipsis:
        return tuple(convert(items[0], item, f"{where}[{i}]") for i, item in enumerate(data))
    if len(items) != len(data):
        raise InputError(f"{where} must have {len(items)} entries, got {len(data)}", where)
    return tuple(
        convert(hint, item, f"{where}[{i}]")
        for i, (hint, item) in enumerate(zip(items, data, strict=True))
    )
