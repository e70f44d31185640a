"""A dependency has a known vulnerability in the version that is asked for.

## What

Packages of requirements, project, lock and environment files, and packages that stand in the tree
themselves (vendored, as a wheel, or in an archive; told by their metadata), compared with
advisories in OSV form that come with redqubit and that `update` adds; nothing is looked up in a
network. An exact version that is affected is reported with the advisory's severity, a range that
also allows fixed versions lower. All advisories of one requirement make one finding.

## Why bad

The four published vulnerabilities of the quantum stack all run or load what a data file names:
Qiskit reads old QPY files by evaluating text in them, Qiskit Runtime and Braket decode results by
importing what the result says. Everything that reads a file of others is open to it.

## Example

    qiskit==1.2.4

## Instead

    qiskit==2.6.2

Raise the lower bound in libraries, pin the fixed version in applications, and keep the list of
advisories current.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.parser import HeaderParser
from typing import Final

from packaging.version import Version

from redqubit.scan.finding import Severity
from redqubit.scan.static.versions import canonical
from redqubit.scan.supply.advisories import Advisories, Advisory, Affected, worst
from redqubit.scan.supply.hit import Hit
from redqubit.scan.supply.names import QUANTUM
from redqubit.scan.supply.requirement import Listing, Requirement

ID: Final = "DEP-01"
NAME: Final = "Vulnerable dependency"
SEVERITY: Final[Severity] = "high"
CWE: Final = (1395, 1104)
FRAMEWORKS: Final = ("*",)
ADVICE: Final = "use a version in which all of them are fixed"
SHOWN: Final = 3


def check(listing: Listing, advisories: Advisories) -> Iterator[Hit]:
    """Report each requirement that asks for, or allows, an affected version."""
    for requirement in listing.requirements:
        if requirement.exact is not None:
            found = advisories.of_version(requirement.package, requirement.exact)
            if found:
                items = [advisory for advisory, _ in found]
                text = f"{requirement.name} {requirement.exact} has {_names(items)}"
                yield _hit(requirement, text, worst(items), found)
            continue
        specifiers = requirement.specifiers
        if specifiers is None or not requirement.specifier or requirement.url:
            continue
        found, every = advisories.of_range(requirement.package, specifiers)
        if not found:
            continue
        items = [advisory for advisory, _ in found]
        if every:
            text = f"every version of {requirement.name}{specifiers} has {_names(items)}"
            yield _hit(requirement, text, worst(items), found)
        else:
            text = f"{requirement.name}{specifiers} allows versions with {_names(items)}"
            named = requirement.application and requirement.package in QUANTUM
            lower: Severity = "medium" if named else "low"
            yield _hit(requirement, text, lower, found)


def carried(head: bytes, name: str, advisories: Advisories) -> Iterator[Hit]:
    """Report a package in the tree whose version is affected; ``head`` starts its metadata."""
    fields = HeaderParser().parsestr(head.decode("utf-8", "replace"))
    package, version = fields.get("Name", ""), fields.get("Version", "")
    found = advisories.of_version(package, version)
    if found:
        items = [advisory for advisory, _ in found]
        yield Hit(
            ID,
            worst(items),
            f"{name} belongs to {package} {version}, which has {_names(items)}",
            key=f"carried {canonical(package)}",
            advice=_upgrade(package, fix([affected for _, affected in found])),
        )


def _upgrade(package: str, fixed: Version | None) -> str:
    if fixed is None:
        return "no fixed version exists; replace the package"
    return f"use {package} {fixed} or later"


def _upper(requirement: Requirement, fixed: Version) -> str:
    """Return the upper bounds of a requirement that the fixed version keeps."""
    if requirement.exact is not None or requirement.specifiers is None:
        return ""
    kept = [
        item
        for item in requirement.specifiers
        if item.operator in ("<", "<=") and item.contains(fixed)
    ]
    return "".join(f",{item}" for item in sorted(kept, key=str))


def _names(items: list[Advisory]) -> str:
    shown = ", ".join(item.name for item in items[:SHOWN])
    more = f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
    kind = "a known vulnerability" if len(items) == 1 else "known vulnerabilities"
    summary = items[0].summary.rstrip(".") or "see the advisory"
    return f"{kind} ({shown}{more}): {summary}"


def _hit(
    requirement: Requirement, text: str, severity: Severity, found: list[tuple[Advisory, Affected]]
) -> Hit:
    fixed = fix([affected for _, affected in found])
    replacement = None
    if fixed is not None:
        operator = "==" if requirement.exact is not None else ">="
        if re.fullmatch(r"[\w.-]+\s*[<>=!~][^;\[\]@]*", requirement.body):
            replacement = f"{requirement.name}{operator}{fixed}{_upper(requirement, fixed)}"
    return Hit(
        ID,
        severity,
        text,
        key=requirement.package,
        advice=_upgrade(requirement.name, fixed),
        line=requirement.line,
        column=requirement.column,
        end_column=requirement.end_column,
        replacement=replacement,
    )


def fix(items: list[Affected]) -> Version | None:
    """Return the first version in which all are fixed; None if one of them never is."""
    ends = [item.fixed for item in items]
    found = [end for end in ends if end is not None]
    return max(found) if found and len(found) == len(ends) else None
