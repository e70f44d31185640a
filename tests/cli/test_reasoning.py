"""Questions about a pipeline: paths, cuts, differences and threats, with exit codes for a build."""

import json

import pytest

from redqubit import killchain
from redqubit.killchain.system import EXAMPLES

TENANTS = EXAMPLES / "multi_tenant_public_cloud.yaml"
OWN = EXAMPLES / "on_premise_trapped_ion.yaml"


def test_the_way_from_the_racks_to_wrong_answers_is_found(run):
    """Side channel, encoder and ansatz, surrogate, evasion: in this order, each step explained."""
    goal = ["--goal", "results:integrity:high"]
    code, out, _ = run("killchain", "path", TENANTS, "--actor", "physical-intruder", *goal)
    assert code == 1
    (path, *_) = json.loads(out)["actors"]["physical-intruder"]["paths"]
    steps = [step["technique"] for step in path["steps"]]
    wanted = ["QML.T0200", "QML.T0201", "QML.T0180", "QML.T0183", "QML.T0110.001"]
    assert [step for step in steps if step in wanted] == wanted
    assert steps[-1].startswith("QML.T0010")
    assert all(step["sentence"] for step in path["steps"])
    arguments = ["--actor", "physical-intruder", *goal, "--format", "table"]
    assert "person-days, success" in run("killchain", "path", TENANTS, *arguments)[1]


def test_no_path_is_exit_code_0(run):
    """A tenant has no way into a machine that nobody shares."""
    code, out, _ = run("killchain", "path", OWN, "--actor", "co-tenant")
    assert code == 0
    assert json.loads(out)["actors"]["co-tenant"]["paths"] == []


def test_a_mitigation_takes_paths_away(run):
    """With a mitigation taken as in place no path uses what it prevents."""
    blocked = ["--with", "QML.M0096", "--strength", "weak"]
    arguments = [TENANTS, "--actor", "physical-intruder", "--goal", "results:integrity:high"]
    _, out, _ = run("killchain", "path", *arguments, *blocked)
    steps = [
        step["technique"]
        for path in json.loads(out)["actors"]["physical-intruder"]["paths"]
        for step in path["steps"]
    ]
    assert "QML.T0135" not in steps


def test_mitigations_in_place_block_at_the_chosen_strength(run, tmp_path):
    """What the pipeline has counts like what --with adds."""
    path = tmp_path / "pipeline.yaml"
    text = TENANTS.read_text()
    path.write_text(text.replace("mitigations: [QML.M0013]", "mitigations: [QML.M0013, QML.M0096]"))
    rest = [
        "--actor",
        "physical-intruder",
        "--goal",
        "results:integrity:high",
        "--strength",
        "weak",
    ]
    _, in_place, _ = run("killchain", "path", path, *rest)
    _, added, _ = run("killchain", "path", TENANTS, *rest, "--with", "QML.M0096")
    assert json.loads(in_place)["actors"] == json.loads(added)["actors"]


def test_a_cut_is_explained(run):
    """The set comes with its proof, or with the path that nothing stops."""
    code, out, _ = run("killchain", "cut", TENANTS, "--actor", "co-tenant", "--strength", "weak")
    assert code == 0
    answer = json.loads(out)
    assert answer["cut"]["explanation"]
    assert answer["cut"]["bound"] <= answer["cut"]["weight"]
    assert run("killchain", "cut", TENANTS, "--format", "table")[1]


def test_two_pipelines_are_compared(run):
    """A pipeline does not differ from itself; sharing a chip adds techniques."""
    code, out, _ = run("killchain", "diff", OWN, OWN)
    assert code == 0
    code, out, _ = run("killchain", "diff", OWN, TENANTS)
    assert code == 1
    changes = {item["actor"]: item for item in json.loads(out)["actors"]}
    assert "QML.T0133" in changes["co-tenant"]["appeared"]
    assert "QML.T0133" in run("killchain", "diff", OWN, TENANTS, "--format", "table")[1]


@pytest.mark.parametrize(("bar", "code"), [("never", 0), ("low", 1), ("critical", 0)])
def test_threats_stop_a_build_at_the_chosen_severity(run, bar, code):
    """The exit code follows from the worst finding."""
    got, out, err = run("threat", OWN, "--fail-on", bar)
    severities = {item["severity"] for item in json.loads(out)}
    assert "critical" not in severities
    assert got == code
    assert "0 critical" in err


@pytest.mark.parametrize("form", ["sarif", "navigator", "tm-bom", "otm", "threat-dragon", "json"])
def test_threats_are_written_for_other_tools(run, form, tmp_path):
    """Every form is a JSON file."""
    path = tmp_path / "threats.json"
    code, _, _ = run("threat", TENANTS, "--format", form, "-o", path)
    assert code == 0
    assert json.loads(path.read_text(encoding="utf-8"))


def test_threats_are_a_table_too(run):
    """Severity, technique, attacker, component, effort, chance and what would help."""
    code, out, _ = run("threat", TENANTS, "--format", "table")
    assert code == 0
    assert out.split()[0] == "severity"
    assert "Co-tenant" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["killchain", "path", TENANTS, "--goal", "result:integrity"], "did you mean 'results'"),
        (["killchain", "path", TENANTS, "--actor", "cotenant"], "did you mean 'co-tenant'"),
        (["killchain", "path", TENANTS, "--with", "QML.M9999"], "unknown mitigation"),
        (["killchain", "path", TENANTS, "--strength", "mighty"], "--strength"),
        (["killchain", "path", TENANTS, "-k", "0"], "must be at least 1"),
        (["threat", TENANTS, "--fail-on", "hihg"], "did you mean 'high'"),
        (["threat", TENANTS, "--format", "sarfi"], "did you mean 'sarif'"),
        (["threat", TENANTS, "--runs", "/nowhere"], "holds no evidence"),
        (["threat", "/nowhere.yaml"], "cannot read"),
    ],
)
def test_usage_errors_are_one_sentence(run, arguments, says):
    """A mistake exits with 2 and names the near miss or what to do."""
    code, out, err = run(*arguments)
    assert code == 2
    assert says in err
    assert not out


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("C6: {party: quantum-cloud", "unknown party 'quantum-clod'"),
        ("C6:", "unknown component 'C66'"),
        ("tenancy: multi-tenant", "did you mean 'multi-tenant'"),
        ("name:", "'nmae'"),
    ],
)
def test_a_slip_in_a_pipeline_is_named_with_its_line(run, tmp_path, change, says):
    """Unknown components are refused with the known ones, and so is every other slip."""
    wrong = {
        "C6: {party: quantum-cloud": "C6: {party: quantum-clod",
        "C6:": "C66:",
        "tenancy: multi-tenant": "tenancy: multi-tenat",
        "name:": "nmae:",
    }[change]
    path = tmp_path / "pipeline.yaml"
    path.write_text(TENANTS.read_text().replace(change, wrong, 1))
    code, _, err = run("threat", path)
    assert code == 2
    assert says in err
    assert f"{path}:" in err


def test_pipelines_without_actors_are_told_what_to_add(run, tmp_path):
    """Nobody to fear is a question, not an answer."""
    path = tmp_path / "pipeline.yaml"
    path.write_text("name: mine\ncomponents: {}\n")
    code, _, err = run("killchain", "path", path)
    assert code == 2
    assert "lists no actors" in err
    assert killchain.load().actors
