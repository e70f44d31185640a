"""A dependency is retired or goes by another name now.

## What

Quantum packages that are deprecated, archived, merged or renamed, and ranges that only allow
releases without fixes, from a fixed list with what replaces them.

## Why bad

Nobody fixes the next vulnerability, old releases hold back fixed versions of others, and the name
of an abandoned package can change hands.

## Example

    qiskit-ibmq-provider==0.20.2

## Instead

    qiskit-ibm-runtime==<a current release>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from redqubit.scan.finding import Severity
from redqubit.scan.supply.hit import Hit
from redqubit.scan.supply.names import RETIRED, Retired
from redqubit.scan.supply.requirement import Listing, Requirement

ID: Final = "DEP-04"
NAME: Final = "Retired dependency"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (1104, 477)
FRAMEWORKS: Final = ("*",)
ADVICE: Final = "move to what replaces it"


def check(listing: Listing) -> Iterator[Hit]:
    """Report each requirement that only a retired release can meet."""
    for requirement in listing.requirements:
        for entry in RETIRED:
            if entry.package == requirement.package and _only(requirement, entry):
                what = f"{entry.package}{entry.versions}"
                yield Hit(
                    ID,
                    SEVERITY,
                    f"{what} {entry.why}",
                    key=entry.package,
                    advice=f"use {entry.instead}",
                    line=requirement.line,
                    column=requirement.column,
                    end_column=requirement.end_column,
                )


def _only(requirement: Requirement, entry: Retired) -> bool:
    """Whether every version the requirement allows is retired."""
    if not entry.versions:
        return True
    retired = SpecifierSet(entry.versions, prereleases=True)
    if requirement.exact is not None:
        try:
            return retired.contains(Version(requirement.exact))
        except InvalidVersion:
            return False
    specifiers = requirement.specifiers
    if not requirement.specifier or specifiers is None:
        return False
    first = Version(entry.versions.lstrip("<"))  # the first release that is not retired
    later = [first, Version("99999999"), *(_version(item.version) for item in specifiers)]
    return not any(specifiers.contains(item) for item in later if item >= first)


def _version(text: str) -> Version:
    try:
        return Version(text.removesuffix(".*"))
    except InvalidVersion:
        return Version("0")
