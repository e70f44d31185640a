"""The whole check on small projects."""

import os
import pickle

import numpy as np
import pytest

from redqubit.scan.finding import SEVERITIES
from redqubit.scan.static.rule import about
from redqubit.scan.supply import IDS, check
from redqubit.scan.supply.rules import ALL


def test_the_project_of_the_specification(project, command):
    """A backdoored model and an unpinned vulnerable Qiskit give exactly two findings."""
    result = project(
        {
            "model.pkl": pickle.dumps({"w": np.eye(2), "x": command}),
            "requirements.txt": "qiskit>=1.0\npennylane==0.45.1\n",
            "train.py": "import numpy as np\n",
            "README.md": "# A project\n",
            "clean.npz": b"",
        }
    )
    found = [(f.rule, f.severity, f.place.text) for f in result.findings]
    assert found == [
        ("MOD-01", "critical", "model.pkl:1:1"),
        ("DEP-01", "medium", "requirements.txt:1:1"),
    ]
    assert result.skipped == ()
    assert result.files == 5
    assert result.exit_code("high") == 1


def test_same_twice(project):
    """Findings are complete and the same in every run."""
    files = {
        "requirements.txt": "qiskit==1.2.4\npenylane\n",
        "setup.py": "import os\nos.system('x')",
    }
    first, second = project(files), project(files)
    assert first.findings == second.findings
    for finding in first.findings:
        assert len(finding.fingerprint) == 32
        assert finding.severity in SEVERITIES
        assert finding.advice
        assert finding.cwe
    assert len({finding.fingerprint for finding in first.findings}) == len(first.findings)


def test_wanted_rules_and_exclusions(project):
    """Rules and files can be left out, by pattern or for some files."""
    files = {"a/requirements.txt": "penylane\nqiskit==1.0\n", "b/requirements.txt": "qiskit==1.0\n"}
    assert {f.rule for f in project(files, wanted={"DEP-03"}).findings} == {"DEP-03"}
    assert {f.place.file[0] for f in project(files, exclude=["/a/"]).findings} == {"b"}
    rest = project(files, per_file={"b/*": ("DEP",)}).findings
    assert {f.place.file[0] for f in rest} == {"a"}


def test_allowed_classes(project):
    """The user's own classes in pickles are accepted when named."""
    files = {"m.bin": b"\x80\x04\x8c\x04mine\x8c\x03Net\x93)\x81."}
    assert [f.rule for f in project(files).findings] == ["MOD-01"]
    assert project(files, allow=["mine:Net"]).findings == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_unreadable(project, tmp_path):
    """A file without permission is named and counted."""
    (tmp_path / "m.pkl").touch(mode=0)
    assert [item.file for item in project({}).skipped] == ["m.pkl"]


def test_bad_files_are_named(project):
    """Broken files of every kind are named, counted and skipped."""
    result = project(
        {
            "m.pkl": b"\x80\x04\x8c\xff",
            "m.npy": b"\x93NUMPY\x01\x00\xff\xff",
            "m.zip": b"PK\x03\x04broken",
            "results.json": b'{"__module__": \xff',
            "requirements.txt": b"\x00\x01",
            "pyproject.toml": "[project",
        }
    )
    assert {item.file for item in result.skipped} == {
        "m.pkl",
        "m.npy",
        "m.zip",
        "results.json",
        "requirements.txt",
        "pyproject.toml",
    }
    assert result.exit_code("high") == 3


def test_progress(tmp_path):
    """Progress names every file."""
    (tmp_path / "a").write_text("x")
    seen = []
    check([tmp_path], root=tmp_path, progress=lambda *told: seen.append(told))
    assert seen == [(1, 1, "a")]


def test_nothing_is_loaded(project, tmp_path):
    """A pickle that would write a file when loaded does not."""
    target = tmp_path / "written"
    code = f"cbuiltins\nopen\n(S'{target}'\nS'w'\ntR."
    assert [f.severity for f in project({"m.pkl": code}).findings] == ["critical"]
    assert not target.exists()


def test_rules_explain_themselves():
    """Every rule says what, why bad, an example and what to do instead, under its own id."""
    for rule in ALL:
        told = about(rule)
        assert told.id == rule.__name__.rpartition(".")[2].upper().replace("_", "-")
        assert rule.ADVICE
    assert list(IDS) == sorted(set(IDS))
