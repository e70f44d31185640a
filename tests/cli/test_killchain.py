"""The kill chain from the command line: tables, JSON, exit codes and near misses."""

import json

import pytest

from redqubit import killchain
from redqubit.cli.killchain import KINDS
from redqubit.killchain import exchange


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_listed_as_table_and_as_json(run, kind):
    """A table has a line an object, JSON the whole objects."""
    items = getattr(killchain.load(), kind)
    code, out, _ = run("killchain", "list", kind, "--format", "table")
    assert code == 0
    assert len(out.splitlines()) == len(items) + 1
    code, out, _ = run("killchain", "list", kind)
    assert [entry["id"] for entry in json.loads(out)] == [item.id for item in items]


def test_techniques_can_be_listed_by_tactic(run):
    """Only the tactic's own techniques are shown."""
    _, out, _ = run("killchain", "list", "techniques", "--tactic", "QML.TA11")
    assert {entry["id"] for entry in json.loads(out)} == {
        item.id for item in killchain.load().techniques if "QML.TA11" in item.tactics
    }


@pytest.mark.parametrize("name", ["QML.T0021", "t0021", "QML.M0001", "QML.E0001", "lu2020quantum"])
def test_show_takes_any_id(run, name):
    """An id is found in any case and without its prefix."""
    code, out, _ = run("killchain", "show", name, "--format", "table")
    assert code == 0
    assert out.startswith("# ")
    code, out, _ = run("killchain", "show", name)
    assert json.loads(out)["id"].casefold().endswith(name.casefold())


def test_search_says_by_its_exit_code_whether_something_was_found(run):
    """0 with hits, 1 without."""
    assert run("killchain", "search", "fourier")[0] == 0
    assert run("killchain", "search", "nosuchword")[0] == 1


def test_lint_is_clean_on_ours_and_fails_on_a_broken_folder(run, tmp_path):
    """Honest gaps leave the exit code at 0, an error makes it 1."""
    code, out, err = run("killchain", "lint", "--format", "table")
    assert code == 0
    assert "0 errors, 0 warnings" in err
    code, out, err = run("killchain", "lint", tmp_path)
    assert code == 1
    assert any(entry["level"] == "error" for entry in json.loads(out))


def test_coverage_counts_what_is_run(run):
    """The executables are those of the kill chain."""
    code, out, _ = run("killchain", "coverage")
    assert code == 0
    assert len(json.loads(out)["executables"]) == len(killchain.load().executables)
    assert "redqubit attack quid" in run("killchain", "coverage", "--format", "table")[1]


@pytest.mark.parametrize("item", exchange.FORMATS, ids=lambda item: item.name)
def test_every_format_is_exported_and_read_again(run, item, tmp_path):
    """A file is written where it is asked for, and formats that can be read are."""
    path = tmp_path / f"chain{item.suffix}"
    if item.write is None:
        code, _, err = run("killchain", "export", item.name, "-o", path)
        assert (code, f"files into {path}" in err) == (0, True)
        return
    code, out, err = run("killchain", "export", item.name, "-o", path)
    assert (code, out) == (0, "")
    assert f"wrote {path}" in err
    assert path.read_text(encoding="utf-8").endswith("\n")
    if item.read is not None:
        code, out, _ = run("killchain", "import", path, "--as", item.name, "--format", "json")
        assert code == 0
        assert json.loads(out)


def test_formats_say_what_they_lose(run):
    """Each format is listed with what it cannot hold."""
    code, out, _ = run("killchain", "formats")
    assert code == 0
    assert [row["name"] for row in json.loads(out)] == [
        item.name for item in (*exchange.FORMATS, *exchange.PIPELINE_FORMATS)
    ]


def test_a_template_is_written_with_a_free_id(run, tmp_path):
    """The file holds the id that the message names."""
    code, _, err = run("killchain", "new", "technique", "-o", tmp_path / "new.yaml")
    assert code == 0
    identifier = err.split("save it as ")[1].split(".yaml")[0]
    assert f"id: {identifier}" in (tmp_path / "new.yaml").read_text()
    assert identifier not in killchain.load().by_id


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["list", "techniqes"], "did you mean 'techniques'"),
        (["list", "techniques", "--tactic", "QML.TA99"], "unknown tactic"),
        (["list", "actors", "--tactic", "QML.TA01"], "selects among techniques"),
        (["show", "QML.T9999"], "nothing has the id"),
        (["show", "QML.T0021", "--format", "tabel"], "did you mean 'table'"),
        (["export", "sticks"], "did you mean 'stix'"),
        (["export", "json", "-o", "/nowhere/x.json"], "cannot write"),
        (["import", "/nowhere/x.json", "--as", "json"], "cannot read"),
        (["new", "tecnique"], "did you mean 'technique'"),
        (["list", "--data", "/nowhere"], "cannot read"),
    ],
)
def test_usage_errors_are_one_sentence(run, arguments, says):
    """A mistake exits with 2 and names the near miss or what to do."""
    code, out, err = run("killchain", *arguments)
    assert code == 2
    assert says in err
    assert "Traceback" not in err
    assert not out
