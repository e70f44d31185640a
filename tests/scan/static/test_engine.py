"""Whole scans: results, bad input, baseline, cache."""

import json
from dataclasses import replace

import pytest

from redqubit.core.errors import InputError
from redqubit.scan import Result
from redqubit.scan.static import baseline, cache, engine
from redqubit.scan.static.rules import ALL, des_02

BAD = "import torch\n\ntorch.load(p, weights_only=False)\n"


def scanned(folder, **options) -> Result:
    options = {"select": ["DES", "SEC"], "root": folder, **options}
    return engine.scan([folder], **options)


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "a.py").write_text(BAD)
    (tmp_path / "b.py").write_text("x = 1\n")
    return tmp_path


def test_a_scan_counts_files_and_lines(tree):
    """Findings carry rule, place, advice and fingerprint."""
    result = scanned(tree)
    (found,) = result.findings
    assert (found.rule, found.severity, found.place.text) == ("DES-02", "high", "a.py:3:1")
    assert found.cwe == (502,)
    assert found.advice
    assert (result.files, result.lines) == (2, 6)
    assert result.exit_code("high") == 1
    assert result.exit_code("critical") == 0


def test_bad_files_do_not_stop_a_scan(tree):
    """Each is named with its reason, the others are judged, and the exit code says incomplete."""
    (tree / "syntax.py").write_text("def (")
    (tree / "deep.py").write_text("(" * 5000 + ")" * 5000)
    (tree / "sum.py").write_text("x = " + "+".join(["a"] * 20_000))
    (tree / "book.ipynb").write_text("{]")
    (tree / "binary.py").write_bytes(b"\0")
    (tree / "latin.py").write_bytes(b"\xff")
    (tree / "requirements.txt").write_text("qiskit==1\n")
    (tree / "pyproject.toml").write_text("[broken")
    result = scanned(tree)
    named = {item.file for item in result.skipped}
    assert {"syntax.py", "deep.py", "book.ipynb", "binary.py", "latin.py"} <= named
    assert "pyproject.toml" in named
    assert [item.rule for item in result.findings] == ["DES-02"]
    assert replace(result, findings=()).exit_code("low") == 3


def test_nothing_scanned_is_executed(tree):
    """A file that would raise, exit or write when imported is only read."""
    trap = tree / "trap"
    (tree / "c.py").write_text(f"open({str(trap)!r}, 'w')\nraise SystemExit(9)\n")
    assert not scanned(tree).skipped
    assert not trap.exists()


def test_a_rule_that_fails_is_named(tree, monkeypatch):
    """A defect of a rule costs its findings in one file, not the scan."""

    def broken(module):
        raise ZeroDivisionError("oops")
        yield

    monkeypatch.setattr(des_02, "check", broken)
    result = scanned(tree)
    assert [item.reason for item in result.skipped] == [
        "DES-02 failed on it (ZeroDivisionError: oops)"
    ]


def test_fingerprints_survive_moved_lines(tree):
    """Lines above and spaces do not change a fingerprint; equal lines have different ones."""
    (before,) = scanned(tree).findings
    (tree / "a.py").write_text("# comment\n\n" + BAD.replace("(p,", "( p,").replace("( p", "(p"))
    (after,) = scanned(tree).findings
    assert after.fingerprint == before.fingerprint
    (tree / "a.py").write_text(BAD + BAD.rpartition("\n\n")[2])
    twice = scanned(tree).findings
    assert len({item.fingerprint for item in twice}) == 2


def test_a_baseline_accepts_what_is_known(tree):
    """Only findings that are not in the baseline are reported."""
    path = tree / "baseline.txt"
    path.write_text(baseline.render(scanned(tree).findings))
    (tree / "b.py").write_text(BAD)
    result = scanned(tree, baseline=baseline.read(path))
    assert [item.place.file for item in result.findings] == ["b.py"]
    assert [item.place.file for item in result.suppressed] == ["a.py"]


@pytest.mark.parametrize("text", ["", "[]", '{"accepted": []}', '{"version": 9, "accepted": {}}'])
def test_a_broken_baseline_is_refused(text, tree):
    """Silence by accident is worse than an error."""
    path = tree / "baseline.json"
    path.write_text(text)
    with pytest.raises(InputError):
        baseline.read(path)


def test_progress_is_told(tree):
    """Every file is named once, with how many there are."""
    seen = []
    scanned(tree, progress=lambda *told: seen.append(told))
    assert seen == [(1, 2, "a.py"), (2, 2, "b.py")]


@pytest.fixture
def judged(monkeypatch):
    """Return the files that are judged anew."""
    seen = []
    judge = engine.judge

    def counted(project, source, rules):
        seen.append(source.file)
        return judge(project, source, rules)

    monkeypatch.setattr(engine, "judge", counted)
    return seen


def test_a_cache_spares_unchanged_files(tree, judged):
    """The second scan judges nothing and finds the same; a changed file is judged again."""
    path = tree / ".redqubit_cache" / "scan.json"
    first = scanned(tree, cache=path)
    assert judged == ["a.py", "b.py"]
    judged.clear()
    second = scanned(tree, cache=path)
    assert judged == []
    assert second.findings == first.findings
    (tree / "b.py").write_text("x = 2\n")
    scanned(tree, cache=path)
    assert judged == ["b.py"]


def test_a_cache_knows_what_a_judgment_rests_on(tree, judged):
    """A new caller in another file, a new version fact or other rules make a judgment old."""
    path = tree / "scan.txt"
    (tree / "a.py").write_text(
        "import pickle\n\n\ndef read_all(data):\n    return pickle.loads(data)\n"
    )
    scanned(tree, cache=path)
    (tree / "b.py").write_text("import sys\nfrom a import read_all\nread_all(sys.argv[1])\n")
    judged.clear()
    result = scanned(tree, cache=path)
    assert set(judged) == {"a.py", "b.py"}
    assert [item.severity for item in result.findings] == ["critical"]
    (tree / "requirements.txt").write_text("torch==2.7\n")
    judged.clear()
    scanned(tree, cache=path)
    assert "a.py" in judged
    judged.clear()
    scanned(tree, cache=path, select=["DES"])
    assert "a.py" in judged


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1, "key": 3, "files": 4}'])
def test_a_broken_cache_is_an_empty_one(text, tree, judged):
    """Whatever stands in the file, the scan is right."""
    path = tree / "scan.txt"
    path.write_text(text)
    assert len(scanned(tree, cache=path).findings) == 1
    assert judged == ["a.py", "b.py"]


def test_a_tampered_entry_is_judged_again(tree, judged):
    """An entry that does not have the form of a judgment is dropped."""
    path = tree / "scan.txt"
    scanned(tree, cache=path)
    data = json.loads(path.read_text())
    data["files"]["a.py"]["findings"] = [{"rule": 3}]
    path.write_text(json.dumps(data))
    judged.clear()
    assert len(scanned(tree, cache=path).findings) == 1
    assert judged == ["a.py"]
    assert cache.FORMAT == 1


def test_paths_are_relative_to_a_root(tree, monkeypatch):
    """Without a root it is the current folder, or else the folder that is scanned."""
    monkeypatch.chdir(tree)
    assert engine.scan([tree], select=["DES"]).findings[0].place.file == "a.py"
    (tree / "other").mkdir()
    monkeypatch.chdir(tree / "other")
    for path in (tree, tree / "a.py"):
        assert engine.scan([path], select=["DES"]).findings[0].place.file == "a.py"


def test_every_rule_can_read_an_empty_file(tree):
    """Rules stay silent on nothing."""
    (tree / "a.py").write_text("")
    result = engine.scan([tree], root=tree)
    assert not result.findings
    assert not result.skipped
    assert len(ALL) > 18
