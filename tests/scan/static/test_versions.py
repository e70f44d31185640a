"""Version facts from every file that pins packages."""

import json
from pathlib import Path

import pytest

from redqubit.scan.static import versions
from redqubit.scan.static.source import Source, walk


def facts(tmp_path: Path, **files: str) -> versions.Versions:
    """Return the facts of files given by name, ``__`` for a dot and ``_`` for a hyphen."""
    for name, text in files.items():
        (tmp_path / name.replace("__", ".")).write_text(text)
    found = walk([tmp_path], root=tmp_path)
    return versions.read(item for item in found if isinstance(item, Source))


FORMS = {
    "requirements__txt": "# c\nqiskit[all] == 1.4.2 ; python_version > '3'  # why\n-r x\n",
    "pyproject__toml": '[project]\nname = "a"\nversion = "1"\ndependencies = ["qiskit==1.4.2"]\n',
    "uv__lock": '[[package]]\nname = "qiskit"\nversion = "1.4.2"\n',
    "poetry__lock": '[[package]]\nname = "Qiskit"\nversion = "1.4.2"\n',
    "Pipfile__lock": json.dumps({"default": {"qiskit": {"version": "==1.4.2"}}}),
    "setup__cfg": "[options]\ninstall_requires =\n    qiskit==1.4.2\n    numpy\n[x]\ny = 1\n",
    "environment__yml": "dependencies:\n  - python=3.11\n  - qiskit=1.4.2\n",
    "constraints__txt": "qiskit==1.4.2\n",
}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_form_gives_the_exact_version(name, tmp_path):
    """A pin is known whatever file it stands in, with its line."""
    known = facts(tmp_path, **{name: FORMS[name]})
    assert known.known("qiskit") == "1.4.2"
    assert known.known("QISKIT") == "1.4.2"
    assert known.may_be_below("qiskit", "1.4.2") is False
    assert known.may_be_below("qiskit", "1.4.3") is True
    (fact,) = known.about("qiskit")
    assert "qiskit" in (tmp_path / fact.file).read_text().split("\n")[fact.line - 1].lower()


@pytest.mark.parametrize(
    ("specifier", "answer"),
    [
        ("", None),
        (">=1.5", False),
        (">=1.4.2,<3", False),
        (">=1.0", True),
        ("<2", True),
        ("<=1.4.1", True),
        ("~=1.4.2", False),
        ("~=1.3", True),
        ("==1.4.1", True),
        ("==1.4.2", False),
        ("==1.4.*", True),
        ("==1.5.*", False),
        ("==1.4.2rc1", True),
        ("==1.4.2.post1", False),
        ("> 1.4.2", False),
        ("!=1.4.0", True),
    ],
)
def test_ranges_answer_whether_an_older_version_is_possible(specifier, answer, tmp_path):
    """Three answers: yes, no, and nobody knows."""
    known = facts(tmp_path, requirements__txt=f"qiskit{specifier}\n")
    assert known.may_be_below("qiskit", "1.4.2") is answer
    assert known.may_be_below("numpy", "1") is None


def test_lock_files_win_over_ranges(tmp_path):
    """What is installed counts, not what would be allowed."""
    known = facts(
        tmp_path,
        pyproject__toml='[tool.poetry.dependencies]\npython = "^3.11"\nqiskit = "^1.0"\n',
        poetry__lock=FORMS["poetry__lock"],
    )
    assert known.known("qiskit") == "1.4.2"
    assert known.may_be_below("qiskit", "1.4.2") is False
    assert known.known("python") is None


def test_groups_extras_and_addresses_are_read(tmp_path):
    """Optional dependencies count; a package from an address has no version."""
    text = (
        '[project]\nname = "a"\nversion = "1"\n[project.optional-dependencies]\nq = ["cirq>=1"]\n'
        '[dependency-groups]\ndev = ["pennylane @ git+https://h/x", {include-group = "z"}]\n'
    )
    known = facts(tmp_path, pyproject__toml=text)
    assert known.known("cirq") == ">=1"
    assert known.known("pennylane") == ""
    assert known.may_be_below("pennylane", "9") is None


def test_a_fact_stands_where_the_package_is_declared(tmp_path):
    """Not where the project's name or description mentions it."""
    text = (
        '[tool.poetry]\nname = "qiskit-thing"\ndescription = "Qiskit provider for AQT"\n'
        'dependencies.qiskit-aer = ">=0.13"\ndependencies.qiskit = { version = "^1" }\n'
    )
    known = facts(tmp_path, pyproject__toml=text)
    assert [fact.line for fact in known.about("qiskit")] == [5]


@pytest.mark.parametrize("name", ["pyproject__toml", "Pipfile__lock", "environment__yml"])
def test_a_broken_file_is_named_and_skipped(name, tmp_path):
    """Nothing is concluded from a file that cannot be read."""
    known = facts(tmp_path, **{name: "{[: x\n  - ]"})
    assert known.facts == ()
    assert [item.file for item in known.skipped] == [name.replace("__", ".")]


def test_versions_are_ordered():
    """Pre-releases come before, post-releases after; trailing zeros do not matter."""
    order = ["1.0.dev1", "1.0a1", "1.0b2", "1.0rc1", "1.0", "1.0.post1", "1.0.1", "1.10", "2"]
    assert sorted(order, key=versions.key) == order
    assert versions.key("1.0") == versions.key("1.0.0") == versions.key("v1+local")
