"""Plain data as JSON or YAML text, the same bytes on every machine."""

from __future__ import annotations

import json
import re
from typing import Any, Final

_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.()/&+-]*( [A-Za-z0-9_.()/&+-]+)*")
_WORDS: Final = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
_UNPRINTABLE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def as_json(data: Any) -> str:
    """Return plain data as JSON, one value a line, keys in the order given."""
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def as_yaml(data: Any) -> str:
    """Return plain data as YAML in block style; text that YAML could mistake is quoted."""
    lines: list[str] = []
    if isinstance(data, dict | list) and data:
        _block(data, "", lines)
    else:
        lines.append(_scalar(data))
    return "\n".join(lines) + "\n"


def _block(data: dict[str, Any] | list[Any], indent: str, lines: list[str]) -> None:
    if isinstance(data, dict):
        for key, value in data.items():
            _entry(f"{indent}{_scalar(key)}:", value, indent, lines)
        return
    for value in data:
        first = len(lines)
        if isinstance(value, dict | list) and value:
            _block(value, f"{indent}  ", lines)
            lines[first] = f"{indent}- {lines[first][len(indent) + 2 :]}"
        else:
            lines.append(f"{indent}- {_scalar(value)}")


def _entry(start: str, value: Any, indent: str, lines: list[str]) -> None:
    if isinstance(value, list) and value and not any(isinstance(x, dict | list) for x in value):
        line = f"{start} [{', '.join(map(_scalar, value))}]"
        if len(line) <= 100:
            lines.append(line)
            return
    if isinstance(value, dict | list) and value:
        lines.append(start)
        _block(value, f"{indent}  ", lines)
    else:
        lines.append(f"{start} {_scalar(value)}")


def _scalar(value: Any) -> str:
    """Return a number, a truth value, None, an empty collection or text, quoted where needed."""
    if isinstance(value, float):
        digits = repr(value)  # YAML reads 1e-05 as text and 1.0e-05 as a number
        return digits if "." in digits else digits.replace("e", ".0e")
    if not isinstance(value, str):
        return json.dumps(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
