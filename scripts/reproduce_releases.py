"""The four published vulnerabilities of the quantum stack, scanned in released packages.

Usage: python scripts/reproduce_releases.py [--keep FOLDER]

For each vulnerability the last vulnerable and the first fixed release are fetched with pip,
unpacked and scanned, never installed or imported. A pair is told apart if a finding of severity
high or critical names the vulnerability (DEP-01, from the package's own metadata) in the first and
none does in the second. Printed beside it are the DES findings in the code that end with the fix.
Exit code 1 if a pair is not told apart.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from redqubit.scan.finding import Finding
from redqubit.scan.static import engine
from redqubit.scan.supply import check

DESERIALIZATION = [f"DES-{number:02}" for number in range(1, 13)]


@dataclass(frozen=True)
class Pair:
    """A vulnerability with the last release that has it and the first that does not."""

    name: str
    package: str
    vulnerable: str
    fixed: str


PAIRS = (
    Pair("CVE-2024-29032", "qiskit-ibm-runtime", "0.21.1", "0.21.2"),
    Pair("CVE-2025-1403", "qiskit", "1.2.4", "1.3.0"),
    Pair("CVE-2025-2000", "qiskit", "1.4.1", "1.4.2"),
    Pair("CVE-2026-9291", "amazon-braket-sdk", "1.116.0", "1.117.0"),
)


@dataclass(frozen=True)
class Release:
    """What a scan of one release gave: advisories by name, and places of code findings."""

    advisories: frozenset[str]
    code: frozenset[tuple[str, str]]
    lines: int
    seconds: float


def fetch(package: str, version: str, folder: Path) -> Path:
    """Return the folder of an unpacked wheel."""
    target = folder / f"{package}-{version}"
    if not target.exists():
        wheels = folder / "wheels" / target.name
        command = ["pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        wanted = ["--dest", str(wheels), f"{package}=={version}"]
        subprocess.run([sys.executable, "-m", *command, *wanted], check=True)
        with zipfile.ZipFile(next(wheels.glob("*.whl"))) as wheel:
            wheel.extractall(target)
    return target


def scanned(folder: Path) -> Release:
    """Scan the code and the metadata of a release."""
    code = engine.scan([folder], root=folder, select=DESERIALIZATION)
    found = check([folder], root=folder, wanted=["DEP-01"])
    words = [word.strip("(),:") for item in severe(found.findings) for word in item.message.split()]
    return Release(
        frozenset(word for word in words if word.startswith("CVE-")),
        frozenset((item.rule, item.place.file) for item in severe(code.findings)),
        code.lines,
        code.seconds,
    )


def severe(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings of severity high or critical."""
    return [item for item in findings if item.severity in ("high", "critical")]


def main() -> None:
    """Fetch, scan, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="folder that keeps the packages")
    arguments = parser.parse_args()
    apart = 0
    with tempfile.TemporaryDirectory() as made:
        folder = arguments.keep or Path(made)
        for pair in PAIRS:
            old, new = (
                scanned(fetch(pair.package, version, folder))
                for version in (pair.vulnerable, pair.fixed)
            )
            gone = sorted(old.code - new.code)
            advisory = pair.name in old.advisories and pair.name not in new.advisories
            apart += advisory
            print(f"{pair.name}  {pair.package} {pair.vulnerable} / {pair.fixed}")
            print(f"  advisory: {'told apart' if advisory else 'NOT TOLD APART'}")
            told = ", ".join(f"{rule} {file}" for rule, file in gone) or "none"
            print(f"  code findings that end with the fix: {told}")
            print(f"  code findings in the fixed release: {len(new.code)}")
            speed = (old.lines + new.lines) / 1000 / (old.seconds + new.seconds)
            print(f"  {speed:.0f} thousand lines a second")
    raise SystemExit(apart < len(PAIRS))


if __name__ == "__main__":
    main()
