"""Findings as SARIF 2.1.0, for code-scanning dashboards."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from redqubit import __version__
from redqubit.core.evidence import Evidence, Finding, Severity
from redqubit.core.record import digest, to_json
from redqubit.killchain import KillChain, load, mitigations_of, technique
from redqubit.report.markup import clean
from redqubit.report.summary import CHECK_FAILED, SUCCEEDS, run_name
from redqubit.report.wording import VIEWS, phrase

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
TAXONOMY: Final = "redqubit QML kill chain"
LEVELS: Final[Mapping[Severity, str]] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
    "info": "note",
}
RULES: Final[Mapping[str, str]] = {
    SUCCEEDS: "An attack reaches its goal more often than every control that ran "
    "beside it, by non-overlapping 95 % intervals.",
    CHECK_FAILED: "A self-check against false robustness failed, so the number beside it "
    "may be too good.",
}


def sarif(
    evidence: Sequence[Evidence],
    findings: Sequence[Finding],
    *,
    artifact: str | None = None,
    killchain: KillChain | None = None,
) -> str:
    """Render findings as a SARIF 2.1.0 log.

    Parameters
    ----------
    evidence, findings
        What was measured and what the policy made of it.
    artifact
        Path of the assessment file relative to the repository; some dashboards only show results
        that have one.
    killchain
        Where techniques are described; by default the one that ships with redqubit.

    Notes
    -----
    The model is a logical location; a finding's fingerprint depends on rule, technique, attack,
    settings, defense and view, so it stays the same from run to run.
    """
    chain = killchain or load()
    rules = list(dict.fromkeys(finding.rule for finding in findings))
    taxa = sorted({finding.technique for finding in findings} - {""})
    records = {item.id: item for item in evidence}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "redqubit",
                "version": __version__,
                "rules": [_rule(name) for name in rules],
            }
        },
        "invocations": [_invocation(evidence)],
        "taxonomies": [
            {
                "name": TAXONOMY,
                "version": chain.edition.content,
                "taxa": [_taxon(chain, identifier) for identifier in taxa],
            }
        ],
        "results": [
            _result(finding, rules, taxa, records, artifact, chain) for finding in findings
        ],
        "columnKind": "utf16CodeUnits",
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(_cleaned(log), indent=2, ensure_ascii=False) + "\n"


def _cleaned(value: Any) -> Any:
    """Replace characters that would not survive UTF-8 or would reorder text."""
    if isinstance(value, dict):
        return {clean(key): _cleaned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return clean(value) if isinstance(value, str) else value


def _rule(name: str) -> dict[str, Any]:
    told = RULES.get(name, f"Finding of the rule {name}.")
    return {
        "id": name,
        "name": "".join(word.capitalize() for word in name.split("-")),
        "shortDescription": {"text": told},
        "properties": {"tags": ["security", "quantum-machine-learning"]},
    }


def _taxon(killchain: KillChain, identifier: str) -> dict[str, Any]:
    item = technique(killchain, identifier)
    if item is None:
        return {"id": identifier}
    return {"id": identifier, "name": item.name, "shortDescription": {"text": item.summary}}


def _invocation(evidence: Sequence[Evidence]) -> dict[str, Any]:
    notes = [
        {
            "level": "error" if item.status == "failed" else "note",
            "message": {
                "text": f"{run_name(item)}: {item.status}: "
                f"{item.reason or 'no reason was recorded'}"
            },
        }
        for item in evidence
        if item.status != "measured"
    ]
    done = all(item.status != "failed" for item in evidence)
    return {"executionSuccessful": done, "toolExecutionNotifications": notes}


def _result(
    finding: Finding,
    rules: Sequence[str],
    taxa: Sequence[str],
    records: Mapping[str, Evidence],
    artifact: str | None,
    killchain: KillChain,
) -> dict[str, Any]:
    found = [records[name] for name in finding.evidence if name in records]
    model = found[0].provenance.model if found else ""
    location: dict[str, Any] = {
        "logicalLocations": [
            {"name": model or "model", "fullyQualifiedName": model or "model", "kind": "object"}
        ]
    }
    if artifact is not None:
        uri = quote(clean(artifact).replace("\\", "/"), safe="/")
        location["physicalLocation"] = {"artifactLocation": {"uri": uri}}
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": LEVELS[finding.severity],
        "message": {"text": _message(finding, killchain)},
        "locations": [location],
        "partialFingerprints": {"redqubit/v1": _fingerprint(finding, found)},
        "properties": {"severity": finding.severity, "evidence": list(finding.evidence)},
    }
    if finding.technique:
        result["taxa"] = [
            {
                "id": finding.technique,
                "index": taxa.index(finding.technique),
                "toolComponent": {"name": TAXONOMY, "index": 0},
            }
        ]
    if found:
        result["properties"] |= {
            "attack": found[0].attack,
            "defense": found[0].defense,
            "view": VIEWS[found[0].view],
        }
    return result


def _message(finding: Finding, killchain: KillChain) -> str:
    known = [item.name for item, _ in mitigations_of(killchain, finding.technique)]
    if finding.rule != SUCCEEDS or not known:
        return finding.message
    told = ", ".join(phrase(name) for name in known)
    return f"{finding.message.rstrip('.')}. Mitigations in the kill chain: {told}."


def _fingerprint(finding: Finding, found: Sequence[Evidence]) -> str:
    runs = [
        (item.attack, item.parameters, item.radius, item.defense, item.view, item.repeat)
        for item in found
    ]
    detail = "" if finding.rule == SUCCEEDS else finding.message
    return digest(_cleaned(to_json((finding.rule, finding.technique, detail, runs))))
