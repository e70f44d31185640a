"""Dependencies that are not fixed."""

import pytest

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def _found(requirements, text):
    return [(f.severity, f.place.line) for f in requirements(text) if f.rule == "DEP-02"]


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("pennylane", "medium"),
        ("pennylane>=0.45", "medium"),
        ("cirq-core==1.*", "medium"),
        ("some-package", "note"),
        ("git+https://example.org/enc.git@main#egg=enc", "medium"),
        ("enc @ git+https://example.org/enc.git", "medium"),
        ("enc @ https://example.org/enc-1.0.tar.gz", "medium"),
        ("enc @ http://example.org/enc-1.0.tar.gz#sha256=00", "high"),
        ("--extra-index-url https://packages.example.org/simple", "medium"),
        ("--extra-index-url https://download.pytorch.org/whl/cpu", "note"),
        ("--extra-index-url=https://packages.example.org/simple", "medium"),
        ("--index-url http://packages.example.org/simple", "high"),
        ("-i http://packages.example.org/simple", "high"),
        ("--trusted-host packages.example.org", "medium"),
        ("-e git+https://example.org/enc.git#egg=enc", "medium"),
    ],
)
def test_not_fixed(requirements, text, severity):
    """Whatever may change between two installs is reported once, on its line."""
    assert _found(requirements, f"# a comment\n{text}\n") == [(severity, 2)]


@pytest.mark.parametrize(
    "text",
    [
        "pennylane==0.45.1",
        "pennylane==0.45.1 --hash=sha256:00",
        "pennylane==0.45.1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\n",
        f"enc @ git+https://example.org/enc.git@{COMMIT}",
        "enc @ https://example.org/enc-1.0.tar.gz#sha256=00",
        "--index-url https://packages.example.org/simple",
        "--index-url http://localhost:8080/simple",
        "-e .",
        "./local",
        "-r other.txt",
        "# pennylane",
    ],
)
def test_fixed(requirements, text):
    """Exact versions, commits, digests, one index and local paths are silent."""
    assert _found(requirements, text) == []


def test_some_hashes(requirements):
    """A file where only some lines have hashes is medium; one with none is a note."""
    assert _found(requirements, "pennylane==0.45.1 --hash=sha256:00\nscipy==1.17.1\n") == [
        ("medium", 2)
    ]
    assert _found(requirements, "pennylane==0.45.1\nscipy==1.17.1\n") == [("note", 1)]


def test_other_packages_make_one_note(requirements):
    """Packages that are neither quantum nor machine learning are counted, not listed."""
    assert _found(requirements, "requests\nrich\ntyper\n") == [("note", 1)]


def test_libraries_may_give_ranges(project):
    """A range in pyproject.toml is no finding."""
    text = '[project]\nname = "x"\ndependencies = ["pennylane>=0.45", "rich"]\n'
    assert project({"pyproject.toml": text}).findings == ()


def test_vulnerable_line_is_told_once(requirements):
    """A line with a known vulnerability is not also told to be unpinned."""
    assert [f.rule for f in requirements("qiskit>=1.0")] == ["DEP-01"]


def test_suppression(project):
    """A comment with a reason accepts a finding."""
    result = project(
        {"requirements.txt": "pennylane  # redqubit: ignore[DEP-02] newest on purpose"}
    )
    assert result.findings == ()
    assert [f.rule for f in result.suppressed] == ["DEP-02"]
