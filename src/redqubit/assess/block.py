"""Blocks of YAML that are a constructor's arguments: checked by name, type and near miss."""

from __future__ import annotations

import dataclasses
import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from redqubit.core import record
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError, unknown


@dataclass(frozen=True)
class Block:
    """A registry name with constructor arguments: ``{name: quid, fraction: 0.3}`` in YAML."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Any, where: str) -> Block:
        """Read a block from YAML: a mapping with ``name``, or the bare name."""
        if isinstance(data, str):
            return cls(data)
        if not isinstance(data, Mapping) or not isinstance(data.get("name"), str):
            raise InputError(f"{where} must be a name or a mapping with 'name', got {data!r}")
        return cls(data["name"], {str(key): data[key] for key in data if key != "name"})


def construct(
    cls: type[Any], arguments: Mapping[str, Any], where: str, choose: Callable[[str], type[Any]]
) -> Any:
    """Build the frozen dataclass ``cls`` (an attack or a defense) from YAML arguments.

    A bare number for a field of type `Radius` is a radius in radians of the encoder's angle (norm
    L-inf); a mapping with ``name`` is a nested technique, looked up with ``choose``.

    Raises
    ------
    InputError
        Unknown argument (near miss named), wrong type or a value the constructor refuses.
    """
    fields = {item.name for item in dataclasses.fields(cls) if item.init}
    hints = typing.get_type_hints(cls)
    values: dict[str, Any] = {}
    plain: dict[str, Any] = {}
    for key, value in arguments.items():
        if key not in fields:
            raise unknown(f"parameter of {where}", str(key), fields)
        hint = hints[key]
        if hint is Radius and isinstance(value, int | float) and not isinstance(value, bool):
            values[key] = Radius(float(value))
        elif isinstance(value, Mapping) and "name" in value:
            nested = Block.of(value, f"{where}.{key}")
            values[key] = construct(
                choose(nested.name), nested.arguments, f"{where}.{key} ({nested.name})", choose
            )
        else:
            plain[key] = value
    for key, value in plain.items():
        values[key] = record.convert(hints[key], value, f"{where}.{key}")
    return cls(**values)


def call(function: Callable[..., Any], arguments: Mapping[str, Any], where: str) -> Any:
    """Call ``function`` with YAML arguments; unknown or missing ones are named.

    Raises
    ------
    InputError
        Unknown or missing argument, or a value the function refuses.
    """
    signature = inspect.signature(function)
    names = [
        name
        for name, item in signature.parameters.items()
        if item.kind in (item.POSITIONAL_OR_KEYWORD, item.KEYWORD_ONLY)
    ]
    for key in arguments:
        if key not in names:
            raise unknown(f"parameter of {where}", str(key), names)
    for name in names:
        if signature.parameters[name].default is inspect.Parameter.empty and name not in arguments:
            raise InputError(f"{where} lacks the parameter {name!r}")
    try:
        return function(**arguments)
    except TypeError as error:
        raise InputError(f"{where}: {error}") from error
