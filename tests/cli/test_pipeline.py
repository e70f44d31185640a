"""A pipeline is described once, from answers and files, and never overwritten."""

import json

import pytest
import yaml

from redqubit import killchain
from redqubit.killchain import system


def test_defaults_make_a_pipeline_that_reads_back(run, tmp_path):
    """Without a question asked there is a valid description."""
    path = tmp_path / "pipeline.yaml"
    code, _, err = run("init", "--defaults", "-o", path)
    assert code == 0
    assert f"wrote {path}" in err
    assert system.read(path, killchain.load()).name == "mine"


def test_answers_and_files_fill_it(run, tmp_path):
    """Answers win over files, files over defaults."""
    (tmp_path / "model.py").write_text("import pennylane as qml\nqml.AmplitudeEmbedding(x, w)\n")
    (tmp_path / "requirements.txt").write_text("pennylane\n")
    path = tmp_path / "pipeline.yaml"
    sources = ["--from", tmp_path / "model.py", "--from", tmp_path / "requirements.txt"]
    code, _, _ = run(
        "init",
        "--defaults",
        "-o",
        path,
        "--name",
        "tenants",
        *sources,
        "--set",
        "provider.tenancy=multi-tenant",
        "--set",
        "model.qubits=5",
    )
    assert code == 0
    made = system.read(path, killchain.load())
    assert (made.name, made.model.encoder, made.model.qubits) == ("tenants", "amplitude", 5)
    assert made.provider.tenancy == "multi-tenant"
    assert [(item.name, item.pinned) for item in made.dependencies] == [("pennylane", False)]


def test_an_existing_file_is_kept(run, tmp_path):
    """Nothing is lost by asking again."""
    path = tmp_path / "pipeline.yaml"
    path.write_text("mine: true\n")
    code, _, err = run("init", "--defaults", "-o", path)
    assert code == 2
    assert "is not overwritten" in err
    assert path.read_text() == "mine: true\n"


def test_facts_are_shown_with_their_place(run, tmp_path):
    """Each fact names file, line and reason; a pipeline can be printed with them filled in."""
    (tmp_path / "model.py").write_text("\nqml.AngleEmbedding(x, wires=w)\n")
    code, out, _ = run("facts", tmp_path / "model.py")
    assert code == 0
    (fact,) = json.loads(out)
    assert (fact["field"], fact["where"]) == ("model.encoder", "model.py:2")
    run("init", "--defaults", "-o", tmp_path / "pipeline.yaml", "--set", "model.encoder=basis")
    code, out, _ = run("facts", tmp_path / "model.py", "--into", tmp_path / "pipeline.yaml")
    assert yaml.safe_load(out)["model"]["encoder"] == "basis"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["init"], "no terminal to ask on"),
        (["init", "--defaults", "--set", "provider.tenancy"], "takes field=value"),
        (["init", "--defaults", "--set", "provider.tenency=dedicated"], "did you mean 'provider.t"),
        (["init", "--defaults", "--set", "provider.tenancy=shard"], "unknown answer"),
        (["init", "--defaults", "--set", "model.qubits=many"], "must be a whole number"),
        (["facts", "nothing.py"], "cannot read"),
        (["facts", "nothing.exe"], "facts are read from"),
    ],
)
def test_usage_errors_are_one_sentence(run, arguments, says, tmp_path, monkeypatch):
    """A mistake exits with 2 and leaves no file."""
    monkeypatch.chdir(tmp_path)
    code, _, err = run(*arguments)
    assert code == 2
    assert says in err
    assert not list(tmp_path.iterdir())
