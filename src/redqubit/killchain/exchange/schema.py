"""JSON Schema (draft 2020-12) of the kill chain's objects and of pipelines, from the dataclasses.

Whatever loads satisfies the schema. Three rules need more than a schema can say and are left to
the loader: that ids point somewhere, that they are used once, and that a range has low <= high.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any, Final, Literal, Union, get_args, get_origin

from redqubit.core.errors import unknown
from redqubit.killchain.exchange.text import as_json
from redqubit.killchain.load import KINDS, WORD
from redqubit.killchain.model import (
    Case,
    Challenge,
    Claim,
    Edge,
    Edition,
    KillChain,
    Mitigation,
    Record,
    Source,
    Start,
    Step,
    Technique,
)
from redqubit.killchain.requirement import Requirement
from redqubit.killchain.system import Attacker, Pipeline, Placement

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
VERSION: Final = "1.0.0"

REFERENCES: Final[Mapping[tuple[type, str], str]] = {  # field -> kind of the ids it holds
    (Technique, "tactics"): "tactics",
    (Technique, "components"): "components",
    (Technique, "assets"): "assets",
    (Technique, "actors"): "actors",
    (Technique, "grants"): "capabilities",
    (Technique, "evidence"): "evidence",
    (Edge, "technique"): "techniques",
    (Edge, "evidence"): "evidence",
    (Mitigation, "components"): "components",
    (Record, "source"): "sources",
    (Record, "contradicts"): "evidence",
    (Step, "tactic"): "tactics",
    (Step, "technique"): "techniques",
    (Case, "sources"): "sources",
    (Claim, "sources"): "sources",
    (Claim, "evidence"): "evidence",
    (Claim, "techniques"): "techniques",
    (Claim, "mitigations"): "mitigations",
    (Challenge, "techniques"): "techniques",
    (Challenge, "mitigations"): "mitigations",
    (Challenge, "sources"): "sources",
    (Start, "capability"): "capabilities",
    (Placement, "party"): "parties",
    (Pipeline, "mitigations"): "mitigations",
    (Attacker, "actor"): "actors",
    (Attacker, "capabilities"): "capabilities",
    (Attacker, "without"): "capabilities",
}
_TERMS: Final = ("components", "assets", "parties")  # share one class
_MORE: Final[Mapping[type, dict[str, Any]]] = {  # what a class checks beyond its types
    Source: {
        "anyOf": [
            {"properties": {"mark": {"const": "O"}}},  # our own measurements need no address
            *(
                {"required": [key], "properties": {key: {"minLength": 1}}}
                for key in ("arxiv", "doi", "url")
            ),
        ],
        "properties": {
            "title": {"minLength": 1},
            "authors": {"minItems": 1},
            "arxiv": {"pattern": r"^(\d{4}\.\d{4,5})?$"},
            "doi": {"pattern": r"^(10\.\d{4,9}/\S+)?$"},
            "url": {"pattern": "^(https://.*)?$"},
        },
    },
    Case: {
        "properties": {"steps": {"minItems": 1}},
        "if": {"properties": {"kind": {"const": "executed"}}},
        "then": {"required": ["command"], "properties": {"command": {"minLength": 1}}},
        "else": {
            "required": ["sources"],
            "properties": {"sources": {"minItems": 1}, "command": {"maxLength": 0}},
        },
    },
}
NAMES: Final = ("killchain", "pipeline", "edition", *KINDS)


def write(name: str = "killchain") -> str:
    """Return a schema as JSON text; see `schema`."""
    return as_json(schema(name))


def schema(name: str = "killchain") -> dict[str, Any]:
    """Return the schema of a document.

    Parameters
    ----------
    name
        ``killchain`` for the whole kill chain as one document, ``pipeline`` for a
        ``pipeline.yaml``, ``edition``, or a kind such as ``techniques`` for one file of that
        kind: an object where each has a file of its own, else a list.

    Raises
    ------
    InputError
        There is no such schema.
    """
    if name not in NAMES:
        raise unknown("schema", name, NAMES)
    made = _Schema()
    body = _document(made, name)
    return {
        "$schema": DIALECT,
        "$id": f"urn:redqubit:schema:{name}:{VERSION}",
        "title": f"redqubit {name}",
        **body,
        "$defs": {key: made.definitions[key] for key in sorted(made.definitions)},
    }


def _document(made: _Schema, name: str) -> dict[str, Any]:
    if name == "killchain":
        return _killchain(made)
    if name in ("pipeline", "edition"):
        return made.of(Pipeline if name == "pipeline" else Edition)
    one = _kind(made, name)
    return one if KINDS[name].layout == "object" else {"type": "array", "items": one}


def _killchain(made: _Schema) -> dict[str, Any]:
    kinds = {
        name: {"type": "array", "items": _kind(made, name)}
        for name in (field.name for field in dataclasses.fields(KillChain))
        if name in KINDS
    }
    return {
        "type": "object",
        "properties": {"edition": made.of(Edition), **kinds},
        "required": ["edition"],
        "additionalProperties": False,
    }


def _kind(made: _Schema, name: str) -> dict[str, Any]:
    kind = KINDS[name]
    return made.of(kind.cls, kind.pattern, name if name in _TERMS else "")


class _Schema:
    """Definitions met so far, by name of their class."""

    def __init__(self) -> None:
        self.definitions: dict[str, Any] = {}

    def of(self, cls: type[Any], pattern: str = "", suffix: str = "") -> dict[str, Any]:
        """Return a reference to a dataclass, defined once."""
        name = cls.__name__ + suffix.capitalize()
        if name not in self.definitions:
            self.definitions[name] = {}  # so that a class that holds itself comes to an end
            self.definitions[name] = self.defined(cls, pattern)
        return {"$ref": f"#/$defs/{name}"}

    def defined(self, cls: type[Any], pattern: str) -> dict[str, Any]:
        hints = typing.get_type_hints(cls)
        properties: dict[str, Any] = {}
        required = []
        for field in dataclasses.fields(cls):
            found = self.hint(hints[field.name])
            if field.name == "id" and pattern:
                found["pattern"] = f"^{pattern}$"
            if (cls, field.name) in REFERENCES:
                _point(found, KINDS[REFERENCES[cls, field.name]].pattern)
            found |= _MORE.get(cls, {}).get("properties", {}).get(field.name, {})
            properties[field.name] = found
            if (
                field.default is dataclasses.MISSING
                and field.default_factory is dataclasses.MISSING
            ):
                required.append(field.name)
        if cls is Requirement:
            for found in properties.values():
                _point(found, WORD)
        if cls is Pipeline:
            properties["components"]["propertyNames"] = {
                "pattern": f"^{KINDS['components'].pattern}$"
            }
        more = {key: value for key, value in _MORE.get(cls, {}).items() if key != "properties"}
        return {
            "description": (cls.__doc__ or "").split("\n\n")[0].replace("\n    ", " "),
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
            **more,
        }

    def hint(self, hint: Any) -> dict[str, Any]:
        """Return the schema of a type hint; the same cases as `core.record.convert`."""
        origin = get_origin(hint)
        if origin in (Union, types.UnionType):
            return {"anyOf": [self.hint(option) for option in get_args(hint)]}
        if origin is Literal:
            values = list(get_args(hint))
            return {"const": values[0]} if len(values) == 1 else {"enum": values}
        if origin is tuple:
            return self.array(get_args(hint))
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.hint(get_args(hint)[1])}
        if dataclasses.is_dataclass(hint):
            return self.of(typing.cast("type[Any]", hint))
        names = {str: "string", int: "integer", float: "number", bool: "boolean"}
        return {"type": names.get(hint, "null")}

    def array(self, entries: tuple[Any, ...]) -> dict[str, Any]:
        if entries[1:] == (Ellipsis,):
            return {"type": "array", "items": self.hint(entries[0])}
        return {
            "type": "array",
            "prefixItems": [self.hint(entry) for entry in entries],
            "items": False,
            "minItems": len(entries),
        }


def _point(found: dict[str, Any], pattern: str) -> None:
    """Say in every place for text that it is an id."""
    if found.get("type") == "string":
        found["pattern"] = f"^{pattern}$"
    for option in found.get("anyOf", []):
        _point(option, pattern)
    if isinstance(found.get("items"), dict):
        _point(found["items"], pattern)
