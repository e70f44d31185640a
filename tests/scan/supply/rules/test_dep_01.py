"""Known vulnerabilities of what a project asks for."""

import io
import zipfile

import pytest

from redqubit.scan.supply.advisories import Advisories, parse
from redqubit.scan.supply.requirement import Listing
from redqubit.scan.supply.requirement import parse as requirement
from redqubit.scan.supply.rules import dep_01


def _found(requirements, text):
    return [(f.severity, f.advice) for f in requirements(text) if f.rule == "DEP-01"]


@pytest.mark.parametrize(
    ("line", "severity", "fixed"),
    [
        ("qiskit==1.2.4", "critical", "1.4.2"),
        ("qiskit==1.4.1", "critical", "1.4.2"),
        ("qiskit-ibm-runtime==0.21.1", "high", "0.21.2"),
        ("amazon-braket-sdk==1.116.0", "high", "1.117.0"),
        ("Amazon_Braket.SDK==1.50", "high", "1.117.0"),
        ("torch==2.5.1+cpu", "critical", "2.10.0"),
        ("keras==3.8.0", "high", "3.13.2"),
        ("onnx===1.15.0", "high", "1.21.0"),
    ],
)
def test_pinned_vulnerable(requirements, line, severity, fixed):
    """An exact version that is affected has the advisory's severity and names the fix."""
    [(level, advice)] = _found(requirements, line)
    assert level == severity
    assert fixed in advice


@pytest.mark.parametrize(
    "line",
    [
        "qiskit==1.4.2",
        "qiskit==2.6.2",
        "qiskit>=1.4.2",
        "qiskit-ibm-runtime==0.21.2",
        "amazon-braket-sdk==1.117.0",
        "amazon-braket-sdk==1.9.0",
        "torch==2.13.0",
        "numpy>=2.0",
        "pennylane==0.45.1",
        "nothing-known==1.0",
    ],
)
def test_fixed_is_silent(requirements, line):
    """A version that is not affected, or not known, gives no finding."""
    assert not _found(requirements, line)


def test_release_candidate(requirements):
    """A pre-release between two fixed versions is affected where the advisory says so."""
    assert _found(requirements, "qiskit==2.0.0rc1")
    assert not _found(requirements, "qiskit==2.0.0rc2")


def test_never_fixed(requirements):
    """A package without a fixed version is told to be replaced."""
    [(severity, advice)] = _found(requirements, "qiskit-terra==0.25.3")
    assert severity == "critical"
    assert "replace" in advice


def test_range_that_allows_fixed_versions_is_lower(requirements):
    """A range with affected and fixed versions is medium; one without fixed is full."""
    assert _found(requirements, "qiskit>=1.0")[0][0] == "medium"
    assert _found(requirements, "qiskit>=1.0,<1.4")[0][0] == "critical"


def test_library_range_is_low(project):
    """What a library accepts weighs less than what an application installs."""
    text = '[project]\nname = "x"\ndependencies = ["qiskit>=1.0"]\n'
    found = project({"pyproject.toml": text}).findings
    assert [(f.rule, f.severity, f.place.line) for f in found] == [("DEP-01", "low", 3)]


def test_lock_file(project):
    """The versions of a lock file are judged, and nothing about pins is said of it."""
    text = '[[package]]\nname = "qiskit"\nversion = "1.3.0"\n'
    found = project({"uv.lock": text}).findings
    assert [(f.rule, f.severity) for f in found] == [("DEP-01", "critical")]


def test_one_finding_a_line_with_a_fix(requirements):
    """All advisories of a requirement make one finding, whose fix replaces it."""
    [finding] = requirements("qiskit==1.2.4\n")
    assert "CVE-2025-2000" in finding.message
    assert "CVE-2025-1403" in finding.message
    assert finding.fix is not None
    assert finding.fix.replacement == "qiskit==1.4.2"
    assert (finding.place.line, finding.place.column, finding.place.end_column) == (1, 1, 14)


def test_marker_is_never_lost():
    """A requirement with a marker or extras gets no replacement text."""
    line = requirement("torch[opt]==2.0 ; python_version < '3.13'", "requirements.txt")
    record = {
        "id": "CVE-1-1",
        "affected": [
            {
                "package": {"ecosystem": "PyPI", "name": "torch"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3"}]}],
            }
        ],
    }
    known = Advisories([parse(record, "here")])
    [hit] = dep_01.check(Listing("requirements.txt", (line,)), known)
    assert hit.replacement is None


METADATA = "Metadata-Version: 2.1\nName: {}\nVersion: {}\nSummary: x\n\nLong text\nName: other\n"


@pytest.mark.parametrize(
    ("package", "version", "severity"),
    [
        ("qiskit", "1.2.4", "critical"),
        ("Qiskit.IBM_runtime", "0.21.1", "high"),
        ("amazon-braket-sdk", "1.116.0", "high"),
        ("qiskit", "1.4.2", None),
        ("amazon-braket-sdk", "1.117.0", None),
        ("nothing-known", "1.0", None),
        ("qiskit", "no version", None),
    ],
)
def test_package_in_the_tree(project, package, version, severity):
    """A vendored package, or a wheel, of an affected version is told by its own metadata."""
    text = METADATA.format(package, version)
    wheel = io.BytesIO()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("q.dist-info/METADATA", text + "long text\n" * 1_000)
    for name, content in (("a.dist-info/METADATA", text), ("a.whl", wheel.getvalue())):
        found = [item for item in project({name: content}).findings if item.place.file == name]
        assert [(item.rule, item.severity) for item in found] == (
            [("DEP-01", severity)] if severity else []
        )
