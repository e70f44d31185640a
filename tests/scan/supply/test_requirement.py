"""Requirements as written down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redqubit.scan.static.source import Source
from redqubit.scan.supply.requirement import listing, parse


def _listing(tmp_path, name, text):
    return listing(Source(tmp_path / name, name, "versions", text, ""))


def test_pip_file(tmp_path):
    """Comments, continued lines, options, extras, markers and hashes are told apart."""
    text = (
        "# a comment\n"
        "Qiskit_Aer[gpu] >= 0.17 ; python_version > '3.10'  # why\n"
        "torch==2.13.0 \\\n"
        "    --hash=sha256:00\n"
        "  --extra-index-url https://example.org/simple\n"
        "enc @ git+https://example.org/e.git@main\n"
    )
    found = _listing(tmp_path, "requirements.txt", text)
    aer, torch, enc = found.requirements
    assert (aer.package, aer.specifier, aer.line, aer.exact) == ("qiskit-aer", ">=0.17", 2, None)
    assert (torch.exact, torch.hashed, torch.line) == ("2.13.0", True, 3)
    assert enc.url == "git+https://example.org/e.git@main"
    assert [(item.name, item.line) for item in found.options] == [("--extra-index-url", 5)]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "pyproject.toml",
            '[project]\nname="x"\ndependencies=["qiskit>=1"]\n',
            (">=1", False, False),
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\nqiskit = "^1.2"\n',
            (">=1.2,<2", False, False),
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\nqiskit = "~1.2"\n',
            (">=1.2,<1.3", False, False),
        ),
        ("poetry.lock", '[[package]]\nname="qiskit"\nversion="1.2"\n', ("==1.2", True, True)),
        ("environment.yml", "dependencies:\n  - pip:\n    - qiskit==1.2\n", ("==1.2", False, True)),
    ],
)
def test_other_files(tmp_path, name, text, expected):
    """Project, lock and environment files give the same records."""
    [found] = _listing(tmp_path, name, text).requirements
    assert (found.specifier, found.locked, found.application) == expected


@pytest.mark.parametrize("text", ["./local", "not a requirement !", "=1.0", "a b c"])
def test_what_is_none(text):
    """Paths and other text are no requirements."""
    assert parse(text, "f") is None


@given(st.text(max_size=80))
def test_any_text(tmp_path_factory, text):
    """Any text is read without an error."""
    _listing(tmp_path_factory.getbasetemp(), "requirements.txt", text)
