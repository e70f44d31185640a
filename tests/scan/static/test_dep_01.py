"""Requirements of quantum packages: ended, vulnerable, unpinned, or fine."""

from pathlib import Path

import pytest

from redqubit.scan.finding import Finding
from redqubit.scan.static import engine


def found(folder: Path, **files: str) -> dict[int, Finding]:
    """Return the findings of a requirements (or project) file by line."""
    for name, text in files.items():
        suffix = "toml" if name == "pyproject" else "txt"
        (folder / f"{name}.{suffix}").write_text(text)
    result = engine.scan([folder], select=["DEP-01"], root=folder)
    assert not result.skipped
    return {item.place.line: item for item in result.findings}


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("qiskit==1.2.0", "high"),
        ("qiskit<1.4", "medium"),
        ("qiskit>=1.0,<=1.4.1", "medium"),
        ("qiskit-ibm-runtime==0.20.0", "high"),
        ("amazon-braket-sdk==1.90.0", "high"),
        ("qiskit-terra==0.46.3", "medium"),
        ("qiskit_ibm_provider>=0.7", "medium"),
        ("pennylane", "low"),
        ("cirq-core  # any", "low"),
    ],
)
def test_a_requirement_at_risk_is_found(tmp_path: Path, line: str, severity: str) -> None:
    """Ended, vulnerable and unpinned packages are found where they are required."""
    findings = found(tmp_path, requirements=f"numpy==2.2.0\n{line}\n")
    assert list(findings) == [2]
    assert findings[2].severity == severity


@pytest.mark.parametrize(
    "line",
    [
        "qiskit==2.1.0",
        "qiskit>=1.0",
        "qiskit>=1.4.2,<2",
        "qiskit<3",
        "qiskit-ibm-runtime~=0.40",
        "pennylane==0.42.0",
        "numpy",
        "# qiskit",
    ],
)
def test_a_requirement_without_risk_is_silent(tmp_path: Path, line: str) -> None:
    """Pinned or bounded packages above the fix, and packages of other kinds, are no finding."""
    assert found(tmp_path, requirements=f"{line}\n") == {}


def test_a_library_may_leave_its_packages_open(tmp_path: Path) -> None:
    """What a library with a build system leaves open is a note."""
    text = '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "x"\n'
    findings = found(tmp_path, pyproject=text + 'dependencies = ["pennylane"]\n')
    assert [item.severity for item in findings.values()] == ["note"]
