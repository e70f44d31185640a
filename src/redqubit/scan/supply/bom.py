"""Bills of materials in CycloneDX 1.6: the model, its quantum parts, libraries, vulnerabilities."""

from __future__ import annotations

import importlib.metadata
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from redqubit.core.errors import InputError
from redqubit.scan.finding import Skipped
from redqubit.scan.static import source
from redqubit.scan.static.versions import canonical
from redqubit.scan.supply import manifest
from redqubit.scan.supply.advisories import Advisories, Advisory
from redqubit.scan.supply.requirement import listing

SPEC: Final = "1.6"
_SPACE: Final = uuid.UUID("6f1d7a52-5d0c-4f0e-9d5b-5a0f1c6e2b41")
_RATINGS: Final = ("critical", "high", "medium", "low")


@dataclass(frozen=True)
class Model:
    """What is stated about a quantum model.

    Parameters
    ----------
    name, version
        As the model is known.
    files
        Model files; their SHA-256 digests are computed.
    task
        ``classification``, ``regression`` or another word.
    encoder, ansatz
        Names of the circuit's parts.
    qubits
        Count; None if not stated.
    parameters
        SHA-256 digest of the trained weights.
    training_data
        SHA-256 digest of the training data, and under ``dataset`` its name.
    dataset
        Name of the training data.
    backend, calibration
        Device or simulator, and what identifies its calibration.
    metrics
        Performance by name, such as ``{"clean accuracy": 0.93}``.
    properties
        Further facts; each becomes ``qml:<name>``.
    """

    name: str
    version: str = "1"
    files: tuple[Path, ...] = ()
    task: str = "classification"
    encoder: str = ""
    ansatz: str = ""
    qubits: int | None = None
    parameters: str = ""
    training_data: str = ""
    dataset: str = ""
    backend: str = ""
    calibration: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check digests and counts."""
        for name in ("parameters", "training_data"):
            value = getattr(self, name)
            if value and (len(value) != 64 or value.strip("0123456789abcdef")):
                raise InputError(f"{name} must be a SHA-256 digest of 64 digits, got {value!r:.70}")
        if self.qubits is not None and self.qubits < 1:
            raise InputError(f"qubits must be at least 1, got {self.qubits}")
        if not self.name:
            raise InputError("a bill of materials needs the model's name")


@dataclass(frozen=True, slots=True)
class Library:
    """A package in one version."""

    name: str
    version: str
    license: str = ""


def from_files(paths: Sequence[Path]) -> tuple[Library, ...]:
    """Return the exact versions that requirements and lock files name, each package once.

    Raises
    ------
    InputError
        A file is not one, or cannot be read.
    """
    found: dict[str, Library] = {}
    for path in paths:
        kind = source.kind(path)
        read = source.read(path, path.name, "versions") if kind == "versions" else None
        if read is None or isinstance(read, Skipped):
            reason = "is not a requirements, project or lock file" if read is None else read.reason
            raise InputError(f"{path} {reason}")
        for item in listing(read).requirements:
            if item.exact is not None:
                found.setdefault(item.package, Library(item.package, item.exact))
    return tuple(found[name] for name in sorted(found))


def installed(names: Iterable[str] = ()) -> tuple[Library, ...]:
    """Return distributions of this environment: all, or those named that are installed."""
    wanted = {canonical(name) for name in names}
    found: dict[str, Library] = {}
    for item in importlib.metadata.distributions():
        name = canonical(item.metadata["Name"] or "")
        if name and (not wanted or name in wanted):
            license_ = (item.metadata.get_all("License-Expression") or [""])[0]
            found.setdefault(name, Library(name, item.version, license_))
    return tuple(found[name] for name in sorted(found))


def build(
    model: Model,
    libraries: Sequence[Library],
    advisories: Advisories,
    *,
    natives: Sequence[Path] = (),
    timestamp: str = "",
) -> dict[str, Any]:
    """Return a CycloneDX document as plain data; equal input gives an equal document.

    Parameters
    ----------
    model
        What is described.
    libraries
        What it runs with.
    advisories
        Known vulnerabilities; those that affect a library are listed.
    natives
        Programs and libraries of machine code, listed with their digests.
    timestamp
        ISO 8601 with zone; left out if empty, so that the document does not depend on the clock.

    Raises
    ------
    InputError
        A model file or one of ``natives`` cannot be read.
    """
    reference = f"model:{model.name}@{model.version}"
    component = _model(model, reference)
    parts = [_library(item) for item in sorted(set(libraries), key=lambda item: item.name)]
    binaries = [_file(path, "native-code") for path in sorted(natives)]
    parts += {item["bom-ref"]: item for item in binaries}.values()
    data: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPEC,
        "version": 1,
        "metadata": {
            "tools": {"components": [{"type": "application", "name": "redqubit"}]},
            "component": component,
        },
        "components": parts,
        "dependencies": [
            {"ref": reference, "dependsOn": sorted(part["bom-ref"] for part in parts)},
            *({"ref": part["bom-ref"]} for part in parts),
        ],
        "vulnerabilities": _vulnerabilities(libraries, advisories),
    }
    if timestamp:
        data["metadata"]["timestamp"] = timestamp
    content = json.dumps(data, sort_keys=True)
    data["serialNumber"] = f"urn:uuid:{uuid.uuid5(_SPACE, content)}"
    return data


def text(data: Mapping[str, Any]) -> str:
    """Return the document as JSON text."""
    return json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _model(model: Model, reference: str) -> dict[str, Any]:
    files = [_file(path) for path in sorted(model.files)]
    facts = {
        "encoder": model.encoder,
        "ansatz": model.ansatz,
        "qubits": "" if model.qubits is None else str(model.qubits),
        "parameters:sha256": model.parameters,
        "training-data:sha256": model.training_data,
        "backend": model.backend,
        "calibration": model.calibration,
        **model.properties,
    }
    parameters: dict[str, Any] = {"task": model.task}
    if model.ansatz:
        parameters["architectureFamily"] = "parameterized quantum circuit"
        parameters["modelArchitecture"] = model.ansatz
    if model.dataset:
        parameters["datasets"] = [_dataset(model)]
    card: dict[str, Any] = {
        "modelParameters": parameters,
        "properties": [
            {"name": f"qml:{name}", "value": value}
            for name, value in sorted(facts.items())
            if value
        ],
    }
    if model.metrics:
        card["quantitativeAnalysis"] = {
            "performanceMetrics": [
                {"type": name, "value": repr(float(value))}
                for name, value in sorted(model.metrics.items())
            ]
        }
    made: dict[str, Any] = {
        "type": "machine-learning-model",
        "bom-ref": reference,
        "name": model.name,
        "version": model.version,
        "modelCard": card,
    }
    if model.parameters:
        made["hashes"] = [{"alg": "SHA-256", "content": model.parameters}]
    if files:
        made["components"] = files
    return made


def _dataset(model: Model) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "dataset", "name": model.dataset}
    if model.training_data:
        made["contents"] = {
            "properties": [{"name": "qml:training-data:sha256", "value": model.training_data}]
        }
    return made


def _file(path: Path, role: str = "model") -> dict[str, Any]:
    entry = manifest.digest(path)
    return {
        "type": "file",
        "bom-ref": f"file:{path.name}:{entry.sha256[:16]}",
        "name": path.name,
        "hashes": [{"alg": "SHA-256", "content": entry.sha256}],
        "properties": [
            {"name": "qml:role", "value": role},
            {"name": "qml:size", "value": str(entry.size)},
        ],
    }


def _library(item: Library) -> dict[str, Any]:
    purl = _purl(item)
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": purl,
        "name": item.name,
        "version": item.version,
        "purl": purl,
    }
    if item.license:
        made["licenses"] = [{"expression": item.license}]
    return made


def _purl(item: Library) -> str:
    version = item.version.replace("+", "%2B").replace("!", "%21")
    return f"pkg:pypi/{item.name}@{version}"


def _vulnerabilities(libraries: Sequence[Library], advisories: Advisories) -> list[dict[str, Any]]:
    hit: dict[str, tuple[Advisory, list[Library], set[str]]] = {}
    for item in sorted(set(libraries), key=lambda library: library.name):
        for advisory, affected in advisories.of_version(item.name, item.version):
            entry = hit.setdefault(advisory.id, (advisory, [], set()))
            entry[1].append(item)
            if affected.fixed is not None:
                entry[2].add(f"{item.name} {affected.fixed}")
    return [_vulnerability(*hit[key]) for key in sorted(hit)]


def _vulnerability(advisory: Advisory, libraries: list[Library], fixed: set[str]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "bom-ref": f"vulnerability:{advisory.id}",
        "id": advisory.id,
        "source": {"name": "OSV", "url": f"https://osv.dev/vulnerability/{advisory.id}"},
        "ratings": [{"severity": advisory.severity if advisory.severity in _RATINGS else "info"}],
        "description": advisory.summary,
        "affects": [{"ref": _purl(item)} for item in libraries],
        "analysis": {"state": "in_triage"},
    }
    if advisory.cwe:
        made["cwes"] = list(advisory.cwe)
    if advisory.aliases:
        made["references"] = [
            {"id": item, "source": {"name": "OSV"}} for item in sorted(advisory.aliases)
        ]
    if fixed:
        made["recommendation"] = f"Upgrade to {', '.join(sorted(fixed))} or later."
    return made
