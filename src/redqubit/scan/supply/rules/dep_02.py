"""A dependency can become another file without anyone noticing.

## What

In requirements files: quantum and machine learning packages without an exact version, Git
repositories without a commit, archives by URL without a digest or over plain HTTP, a second index
beside the first (`--extra-index-url`), hosts whose certificate is not checked, and pinned files
where some or all lines have no hash. What a library declares in `pyproject.toml` may be a range.

## Why bad

What is installed then depends on the day and on who controls an index, a branch or the network.
With two indexes a private package's name can be taken on the public one (dependency confusion).

## Example

    qiskit
    our-encoders @ git+https://example.org/encoders@main
    --extra-index-url https://packages.example.org/simple

## Instead

    qiskit==2.6.2 --hash=sha256:...
    our-encoders @ git+https://example.org/encoders@<40 hexadecimal digits of a commit>

and one index that holds both, or a lock file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.supply.hit import Hit
from redqubit.scan.supply.names import PINNED
from redqubit.scan.supply.requirement import Listing, Option, Requirement

ID: Final = "DEP-02"
NAME: Final = "Dependency that is not fixed"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (1357, 829, 494)
FRAMEWORKS: Final = ("*",)
ADVICE: Final = "name one version with its hash, or keep a lock file"
_COMMIT: Final = re.compile(r"@[0-9a-fA-F]{40}(?:[#&]|$)")
_DIGEST: Final = re.compile(r"#(?:.*&)?(?:sha256|sha384|sha512)=")
_LOCAL: Final = re.compile(r"https?://(?:localhost|127\.0\.0\.1|\[::1\])[:/]")
_VENDOR: Final = re.compile(r"https://(?:download\.pytorch\.org|pypi\.nvidia\.com)(?:/|$)")


def check(listing: Listing) -> Iterator[Hit]:
    """Report what is not fixed in one file."""
    for option in listing.options:
        yield from _option(option)
    loose = []
    for requirement in listing.requirements:
        if requirement.url:
            yield from _url(requirement)
        elif requirement.exact is None and not requirement.locked and requirement.application:
            if requirement.package in PINNED:
                yield _hit(
                    requirement,
                    "medium",
                    f"{requirement.name} has no exact version, so the next install may bring "
                    "another release",
                )
            else:
                loose.append(requirement)
    if loose:
        others = "" if len(loose) == 1 else f" and {len(loose) - 1} other packages"
        have = "has" if len(loose) == 1 else "have"
        yield _hit(loose[0], "note", f"{loose[0].name}{others} {have} no exact version")
    yield from _hashes(listing)


def _hashes(listing: Listing) -> Iterator[Hit]:
    listed = [item for item in listing.requirements if item.application and not item.locked]
    bare = [item for item in listed if not item.hashed and not item.url]
    hashed = any(item.hashed for item in listed)
    named = listing.file.lower().rpartition("/")[2]
    whole = not named.startswith("constraints") and all(item.exact is not None for item in listed)
    if bare and (hashed or (whole and len(listed) > 1)):
        yield _hit(
            bare[0],
            "medium" if hashed else "note",
            f"{len(bare)} of {len(listed)} pinned packages have no hash, so a replaced file would "
            "be installed",
        )


def _option(option: Option) -> Iterator[Hit]:
    value = option.value
    if option.name == "--extra-index-url" and not _LOCAL.match(value):
        known = _VENDOR.match(value) is not None
        yield Hit(
            ID,
            "note" if known else "medium",
            f"a second index ({value:.80}) is searched beside the first, and the higher version "
            "wins whoever published it",
            key=f"index {value[:80]}",
            advice="serve everything from one index, or give the second one its own install step",
            line=option.line,
        )
    elif option.name == "--trusted-host":
        yield Hit(
            ID,
            "medium",
            f"packages of {value:.80} are accepted without checking the certificate",
            key=f"host {value[:80]}",
            advice="remove the option and give the host a certificate",
            line=option.line,
        )
    if value.startswith("http://") and not _LOCAL.match(value):
        yield Hit(
            ID,
            "high",
            f"packages come over plain HTTP from {value:.80}, where anyone on the way can replace "
            "them",
            key=f"http {value[:80]}",
            advice="use https",
            line=option.line,
        )
    if option.name == "--editable" and re.match(r"(?:git|hg|svn|bzr)\+", value):
        yield from _url(Requirement("the editable package", url=value, line=option.line))


def _url(requirement: Requirement) -> Iterator[Hit]:
    url, name = requirement.url, requirement.name
    if url.startswith("file:") or _LOCAL.match(url.partition("+")[2] or url):
        return
    if "http://" in url[:12]:
        yield _hit(requirement, "high", f"{name} comes over plain HTTP, where it can be replaced")
    elif re.match(r"(?:git|hg|svn|bzr)\+", url):
        if not _COMMIT.search(url):
            text = f"{name} comes from a repository without a commit, so a push changes it"
            yield _hit(requirement, "medium", text)
    elif not requirement.hashed and not _DIGEST.search(url):
        yield _hit(requirement, "medium", f"{name} comes from a URL without a digest to compare")


def _hit(requirement: Requirement, severity: Severity, text: str) -> Hit:
    return Hit(
        ID,
        severity,
        text,
        key=f"{requirement.package} {text.partition(' ')[2][:20]}",
        line=requirement.line,
        column=requirement.column,
        end_column=requirement.end_column if requirement.body else None,
    )
