"""The scanners from the command line: one result of code, packages and model files."""

import io
import json
import sys

import pytest

from redqubit.cli.output import _colored, print_findings

CODE = """import pickle
import sys

import torch

print(pickle.load(open(sys.argv[1], "rb")))
torch.load(sys.argv[2], weights_only=False)
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a small project with an unsafe load, an unpinned package and a clean file."""
    (tmp_path / "main.py").write_text(CODE)
    (tmp_path / "clean.py").write_text("x = 1\n")
    (tmp_path / "requirements.txt").write_text("qiskit\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_code_and_packages_are_in_one_result(run, project):
    """Findings of both scanners stand in order of their places, each once."""
    code, out, _ = run("scan", ".", "--format", "json")
    assert code == 1
    findings = json.loads(out)["findings"]
    assert {item["rule"] for item in findings} >= {"DES-01", "DES-02", "DEP-02"}
    places = [(item["place"]["file"], item["place"]["line"]) for item in findings]
    assert places == sorted(places)
    assert len(
        {(item["rule"], *place) for item, place in zip(findings, places, strict=True)}
    ) == len(findings)


@pytest.mark.parametrize("form", ["table", "json", "sarif", "gitlab", "junit", "markdown"])
def test_every_format_is_written_to_a_file(run, project, form):
    """The exit code does not depend on the format."""
    code, out, _ = run("scan", ".", "--format", form, "-o", "report")
    assert (code, out) == (1, "")
    assert "DES-01" in (project / "report").read_text()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--fail-on", "critical"], 1),
        (["--fail-on", "never"], 0),
        (["--select", "ENC"], 0),
        (["--ignore", "DES", "--ignore", "DEP"], 0),
    ],
)
def test_rules_and_bar_are_chosen(run, project, arguments, code):
    """A rule that is not selected finds nothing, a bar decides the exit code."""
    assert run("scan", ".", *arguments)[0] == code


def test_a_baseline_accepts_what_was_there(run, project):
    """Only what is new fails."""
    assert run("scan", ".", "--write-baseline", "accepted.json")[0] == 0
    assert run("scan", ".", "--baseline", "accepted.json")[0] == 0
    (project / "new.py").write_text(CODE)
    assert run("scan", ".", "--baseline", "accepted.json")[0] == 1


def test_safe_fixes_are_shown_and_written(run, project):
    """--diff leaves the file alone, --fix changes it."""
    _, out, _ = run("scan", "main.py", "--select", "DES-02", "--diff")
    assert "+torch.load(sys.argv[2], weights_only=True)" in out
    assert (project / "main.py").read_text() == CODE
    run("scan", "main.py", "--select", "DES-02", "--fix")
    assert "weights_only=True" in (project / "main.py").read_text()
    assert run("scan", "main.py", "--select", "DES-02")[0] == 0


def test_a_pickle_of_your_own_classes_is_allowed_by_name(run, project):
    """Settings name the globals that a project's own models need; nothing else gets through."""
    (project / "model.pkl").write_bytes(b"cour_package.models\nEncoder\n(tR.")
    (project / "bad.pkl").write_bytes(b"cother\nEncoder\n(tR.")
    chosen = ("scan", ".", "--select", "MOD-01", "--format", "json")
    files = [x["place"]["file"] for x in json.loads(run(*chosen)[1])["findings"]]
    assert files == ["bad.pkl", "model.pkl"]
    (project / "pyproject.toml").write_text(
        '[tool.redqubit.scan]\nallow = ["our_package.models:Encoder"]\n'
    )
    files = [x["place"]["file"] for x in json.loads(run(*chosen)[1])["findings"]]
    assert files == ["bad.pkl"]


def test_what_cannot_be_read_is_incomplete(run, project):
    """A broken file is named and the exit code is 3."""
    (project / "broken.py").write_text("def (:\n")
    code, out, _ = run("scan", "broken.py")
    assert code == 3
    assert "broken.py" in out


def test_rules_explain_themselves(run, project):
    """What, why bad, example and instead, without a scan."""
    code, out, _ = run("scan", ".", "--select", "DES-01", "--explain")
    assert code == 0
    for part in ("DES-01", "What", "Why bad", "Example", "Instead"):
        assert part in out


def test_a_bill_of_materials_is_written(run, project):
    """Pinned packages are listed, and the model with its circuit's facts."""
    (project / "requirements.txt").write_text("qiskit==1.4.0\n")
    code, out, _ = run("bom", ".", "--name", "digits", "--encoder", "angle", "--qubits", "8")
    data = json.loads(out)
    assert code == 0
    assert data["bomFormat"] == "CycloneDX"
    assert [item["name"] for item in data["components"]] == ["qiskit"]
    assert data["vulnerabilities"]


def test_a_manifest_is_signed_and_verified(run, project):
    """A changed file is found, and a missing signature too."""
    pytest.importorskip("cryptography")
    assert run("manifest", "keygen", "private.pem", "public.pem")[0] == 0
    assert run("manifest", "create", "clean.py", "--key", "private.pem")[0] == 0
    assert run("manifest", "verify", "--key", "public.pem")[0] == 0
    (project / "clean.py").write_text("x = 2\n")
    code, out, _ = run("manifest", "verify", "--key", "public.pem")
    assert code == 1
    assert "clean.py" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["scan", "nothing"], "nothing"),
        (["scan", ".", "--format", "sarfi"], "did you mean 'sarif'"),
        (["scan", ".", "--select", "DES-99"], "DES-99"),
        (["scan", ".", "--fail-on", "hihg"], "did you mean 'high'"),
        (["bom", "nothing"], "cannot read"),
        (["ci", "githb"], "did you mean 'github'"),
        (["ci", "github", "--branch", "a b"], "branch must be plain"),
    ],
)
def test_usage_errors_are_one_sentence(run, project, arguments, says):
    """A mistake exits with 2 and names the near miss or what to do."""
    code, out, err = run(*arguments)
    assert code == 2
    assert says in err
    assert not out


def test_a_workflow_is_written(run, project):
    """It goes to standard output with the place to save it, or into a file."""
    code, out, err = run("ci", "github", "--assessment", "a.yaml")
    assert code == 0
    assert "redqubit gate" in out
    assert ".github/workflows/redqubit.yml" in err
    assert run("ci", "gitlab", "-o", "ci.yml")[0] == 0
    assert (project / "ci.yml").is_file()


def test_severities_have_colors_on_a_terminal_only(monkeypatch):
    """A terminal shows colors unless NO_COLOR is set; a pipe and a file never do."""

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr("sys.stdout", Terminal())
    assert _colored("critical  x").startswith("\x1b[")
    assert _colored("    high above all\n") == "    high above all\n"
    print_findings("low  RUN-02\n    advice\n")
    assert "\x1b[36mlow" in sys.stdout.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    assert _colored("critical  x") == "critical  x"
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert _colored("critical  x") == "critical  x"
