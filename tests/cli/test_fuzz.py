"""Fuzzing from the command line: seeds, verdicts and exit codes."""

import json

import pytest

MODEL = """
import numpy as np
from redqubit.scan.fuzz.model import Model
good = Model(outputs=lambda x: np.cos(x).sum(axis=1), features=2, period=2 * np.pi)
bad = Model(outputs=lambda x: np.cos(x / 2).sum(axis=1), features=2, period=2 * np.pi)
"""


def test_clean_circuits_pass(run):
    """Nothing disagrees on correct compilers, and the seed is told."""
    code, _, err = run("fuzz", "circuits", "--circuits", 3, "--oracle", "M01", "--seed", 5)
    assert code == 0
    assert "seed 5: 3 cases" in err
    assert "agree" in err


@pytest.mark.parametrize(("name", "code"), [("good", 0), ("bad", 1)])
def test_a_model_is_checked_by_its_name(run, tmp_path, monkeypatch, name, code):
    """A wrong period is a finding, a right one is none."""
    (tmp_path / "fuzzed_model.py").write_text(MODEL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    got, out, _ = run("fuzz", "model", f"fuzzed_model:{name}", "--oracle", "M14", "-f", "json")
    assert got == code
    assert {item["rule"] for item in json.loads(out)["findings"]} == ({"FUZ-14"} if code else set())


@pytest.mark.parametrize(("limit", "code"), [("high", 0), ("medium", 1), ("never", 0)])
def test_the_bar_decides_the_exit_code(run, tmp_path, monkeypatch, limit, code):
    """Findings below --fail-on are told and do not fail."""
    (tmp_path / "other_model.py").write_text(MODEL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    arguments = ("other_model:bad", "--oracle", "M14", "--fail-on", limit)
    got, out, _ = run("fuzz", "model", *arguments)
    assert got == code
    assert "1 finding (1 medium)" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["circuits"], "say how long"),
        (["circuits", "--circuits", "1", "--oracle", "M99"], "M99"),
        (["circuits", "--circuits", "1", "--format", "sarfi"], "did you mean 'sarif'"),
        (["circuits", "--circuits", "1", "--fail-on", "hgh"], "high"),
        (["payloads", "--target", "no such parser"], "no such parser"),
        (["model", "nothing"], "module:name"),
        (["model", "no_such_module:model"], "no module"),
    ],
)
def test_usage_errors_are_one_sentence(run, arguments, says):
    """A mistake exits with 2 and names the near miss or what to do."""
    code, out, err = run("fuzz", *arguments)
    assert code == 2
    assert says in err
    assert not out
