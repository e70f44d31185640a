"""The command line: exit codes, one-sentence errors, data on standard output."""

import json
import os
import subprocess
import sys

import pytest
import yaml

from redqubit.cli import assessment, inventory

SMALL = {
    "name": "moons, 2 qubits",
    "seed": 3,
    "data": {"name": "moons", "samples": 200},
    "train": 60,
    "test": 40,
    "model": {
        "name": "qnn",
        "encoder": {"name": "angle", "n": 2},
        "ansatz": {"name": "strongly_entangling", "n": 2, "layers": 2},
        "epochs": 8,
    },
    "attacks": [
        {"name": "projected_gradient", "radius": 1.0, "sweep": {"radius": [0.5, 1.0]}},
        {"name": "label_flip", "fraction": 0.2},
    ],
    "defenses": ["prediction_rounding"],
    "certify": [0.2],
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Run the small assessment once, with every format."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "small.yaml").write_text(yaml.safe_dump(SMALL))
    command = [sys.executable, "-m", "redqubit", "assess", "small.yaml", "-o", "out"]
    formats = ["--format", ",".join(assessment.FORMATS), "--workers", "1"]
    result = subprocess.run(
        [*command, *formats],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    return folder, result


def test_assess_writes_every_format_and_prints_the_verdict(finished):
    """All reports and the evidence are in the folder; the table is on standard output."""
    folder, result = finished
    assert result.returncode == 0, result.stderr
    assert "attacks succeed" in result.stdout or "attack succeeds" in result.stdout
    for name in (*assessment.FORMATS.values(), "evidence.jsonl"):
        assert (folder / "out" / name).stat().st_size > 100, name
    assert "wrote out/report.html" in result.stderr
    assert "[1/" in result.stderr


def test_no_color_codes_outside_a_terminal(finished):
    """What goes into a pipe holds no escape sequences."""
    _, result = finished
    assert "\x1b" not in result.stdout + result.stderr


def test_exit_code_follows_fail_on(finished, run):
    """The same evidence exits with 0 or 1 depending on the bar."""
    folder, _ = finished
    findings = json.loads((folder / "out/report.json").read_text())["findings"]
    assert findings
    assert run("report", folder / "out")[0] == 0
    assert run("report", folder / "out", "--fail-on", "low")[0] == 1


def test_report_does_not_pool_two_runs(finished, run, tmp_path):
    """A folder with another seed's records is reported for the file that is named, or refused."""
    folder, _ = finished
    own = (folder / "out/evidence.jsonl").read_text()
    other = own.replace('"seed":3', '"seed":4').replace('"id":"', '"id":"f')
    (tmp_path / "evidence.jsonl").write_text(own + other)
    code, _, error = run("report", tmp_path)
    assert code == 2
    assert "2 models or seeds; name the assessment file" in error
    same = run("report", tmp_path, "--file", folder / "small.yaml", "--format", "jsonl")
    assert same[0] == 0
    assert sorted(same[1].splitlines()) == sorted(own.splitlines())


@pytest.mark.parametrize("form", ["json", "jsonl", "sarif"])
def test_report_prints_machine_formats(finished, run, form):
    """A machine-readable format on standard output parses as what it claims to be."""
    folder, _ = finished
    code, out, _ = run("report", folder / "out", "--format", form)
    assert code == 0
    for line in out.splitlines() if form == "jsonl" else [out]:
        json.loads(line)


def test_a_second_assess_computes_nothing_again(finished):
    """Running the same command again finishes no job and keeps the evidence as it is."""
    folder, _ = finished
    before = (folder / "out/evidence.jsonl").read_bytes()
    command = [sys.executable, "-m", "redqubit", "assess", "small.yaml", "-o", "out"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    lines = before.splitlines()
    measured = sum(json.loads(line)["status"] == "measured" for line in lines)
    after = (folder / "out/evidence.jsonl").read_bytes()
    assert after.startswith(before)
    assert len(after.splitlines()) - len(lines) == len(lines) - measured
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["assess", "missing.yaml"], "cannot read missing.yaml"),
        (["assess", "--format", "pdf"], "unknown format 'pdf'"),
        (["assess", "--fail-on", "hihg"], "did you mean 'high'"),
        (["attack", "projected_gradiant"], "did you mean 'projected_gradient'"),
        (["attack", "quid", "--set", "fractoin=0.1"], "did you mean 'fraction'"),
        (["attack", "quid", "--set", "fraction"], "--set takes key=value"),
        (["attack", "quid", "--set", "fraction=["], "--set fraction:2: not YAML"),
        (["list", "atacks"], "did you mean 'attacks'"),
        (["report", "nowhere"], "nowhere holds no evidence"),
    ],
)
def test_usage_errors_are_one_sentence_and_exit_2(run, arguments, says, tmp_path, monkeypatch):
    """A mistake on the command line names the near miss or what to do, without a traceback."""
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments)
    assert code == 2
    assert says in err
    assert "Traceback" not in err
    assert out == ""


def test_an_unwritable_output_is_refused_before_anything_runs(run, tmp_path):
    """An output path below a file exits with 2 and leaves the file alone."""
    (tmp_path / "small.yaml").write_text(yaml.safe_dump(SMALL))
    (tmp_path / "file").write_text("kept")
    code, _, err = run("assess", tmp_path / "small.yaml", "-o", tmp_path / "file" / "out")
    assert code == 2
    assert "choose another folder" in err
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"encoder": {"name": "angle", "n": 40}}, "qubits"),
        ({"encoder": {"name": "angel", "n": 2}}, "did you mean 'angle'"),
        ({"epocs": 3}, "did you mean 'epochs'"),
    ],
)
def test_a_model_that_cannot_be_built_is_named(run, tmp_path, change, says):
    """Too many qubits, unknown encoders and unknown parameters end with 2 and a clear sentence."""
    changed = {**SMALL, "model": {**SMALL["model"], **change}}
    (tmp_path / "small.yaml").write_text(yaml.safe_dump(changed))
    code, _, err = run("attack", "label_flip", tmp_path / "small.yaml")
    assert code == 2
    assert says in err


@pytest.mark.parametrize("content", [b"", b"\x80\x04cos\nsystem\n", b"\xff" * 100])
def test_a_hostile_model_file_is_refused(run, tmp_path, content):
    """A file that is no model of ours is an error, never executed."""
    (tmp_path / "model.safetensors").write_bytes(content)
    changed = {**SMALL, "model": {"name": "file", "file": "model.safetensors"}}
    (tmp_path / "small.yaml").write_text(yaml.safe_dump(changed))
    code, _, err = run("attack", "fast_gradient_sign", tmp_path / "small.yaml")
    assert code == 2
    assert "model.safetensors" in err


@pytest.mark.parametrize("kind", inventory.KINDS)
def test_every_kind_can_be_listed(run, kind):
    """Each kind lists at least three names."""
    code, out, _ = run("list", kind)
    assert code == 0
    assert len(out.splitlines()) >= 3


def test_plan_runs_nothing_and_says_what_is_left_out(run, tmp_path, monkeypatch):
    """A plan names jobs and left-out pairs and writes no file."""
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("plan")
    assert code == 0
    assert "projected_gradient against adversarial_training (adaptive)" in out
    assert "left out: label_flip against adversarial_training" in out
    assert list(tmp_path.iterdir()) == []


def test_attack_prints_its_evidence(run, tmp_path):
    """One attack runs on the model of a file and prints a record with controls."""
    (tmp_path / "small.yaml").write_text(yaml.safe_dump(SMALL))
    code, out, _ = run(
        *("attack", "fast_gradient_sign", tmp_path / "small.yaml", "--set", "radius=0.5"),
        *("--format", "json"),
    )
    evidence = json.loads(out)
    assert code == 0
    assert evidence["radius"]["value"] == 0.5
    assert {control["name"] for control in evidence["controls"]} >= {"random change", "base rate"}


def test_doctor_checks_the_engine(run):
    """The doctor names versions and the engine's largest error, and finds nothing wrong here."""
    code, out, _ = run("doctor")
    assert code == 0
    assert "largest error" in out
