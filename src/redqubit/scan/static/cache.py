"""Results of earlier scans, by content.

A file is judged again only if something it depends on changed: its text, an answer about other
files, the rules, or the versions in use.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache as once
from pathlib import Path
from typing import Any, Final

from redqubit.core.errors import InputError
from redqubit.killchain import document
from redqubit.scan.finding import Finding, Fix, Hop, Place, Skipped
from redqubit.scan.static.project import Project
from redqubit.scan.static.source import Source
from redqubit.scan.static.versions import Versions

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Judged:
    """What a scan found in one file."""

    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Finding, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class Cache:
    """A JSON file of judgments; one that cannot be read counts as empty."""

    def __init__(self, path: Path, rules: Iterable[str], versions: Versions) -> None:
        self._path = path
        facts = sorted(f"{fact.package} {fact.specifier} {fact.origin}" for fact in versions.facts)
        text = "\n".join([_code(), *sorted(rules), *facts])
        self._key = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
        self._entries: dict[str, Any] = {}
        try:
            data = document.read(path).data if path.exists() else {}
        except InputError:
            data = {}
        if isinstance(data, dict) and data.get("format") == FORMAT and data.get("key") == self._key:
            entries = data.get("files")
            self._entries = entries if isinstance(entries, dict) else {}
        self._fresh: dict[str, Any] = {}

    def get(self, source: Source, project: Project) -> Judged | None:
        """Return what is known about a file if nothing it depends on changed."""
        entry = self._entries.get(source.file)
        try:
            if entry is None or entry["digest"] != source.digest:
                return None
            if any(project.answer(question) != then for question, then in entry["asked"].items()):
                return None
            judged = Judged(
                tuple(_finding(item) for item in entry["findings"]),
                tuple(_finding(item) for item in entry["suppressed"]),
                tuple(Skipped(**item) for item in entry["skipped"]),
            )
        except (KeyError, TypeError, AttributeError):
            return None
        self._fresh[source.file] = entry
        return judged

    def put(self, source: Source, project: Project, judged: Judged) -> None:
        """Remember what was found in a file, with the answers it rests on."""
        self._fresh[source.file] = {
            "digest": source.digest,
            "asked": {question: project.answer(question) for question in sorted(project.asked)},
            "findings": [asdict(item) for item in judged.findings],
            "suppressed": [asdict(item) for item in judged.suppressed],
            "skipped": [asdict(item) for item in judged.skipped],
        }

    def save(self) -> None:
        """Write the file; a folder that cannot be written to only costs the next scan time."""
        data = {"format": FORMAT, "key": self._key, "files": self._fresh}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            made = self._path.with_name(f"{self._path.name}.new")
            made.write_text(json.dumps(data, separators=(",", ":")), encoding="utf-8")
            made.replace(self._path)
        except OSError:
            return


@once
def _code() -> str:
    """Return a digest of the scanner's own source, so that a changed rule is a new rule."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _finding(data: dict[str, Any]) -> Finding:
    fix = data["fix"]
    return Finding(
        data["rule"],
        data["severity"],
        data["message"],
        Place(**data["place"]),
        data["advice"],
        tuple(data["cwe"]),
        tuple(Hop(Place(**hop["place"]), hop["text"]) for hop in data["flow"]),
        None if fix is None else Fix(**{**fix, "place": Place(**fix["place"])}),
        data["fingerprint"],
    )
