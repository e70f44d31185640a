"""Rendered workflows are valid, pinned, and hold no more rights than they need."""

import re
import shlex
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from redqubit.ci import PLATFORMS, render
from redqubit.cli import app
from redqubit.core.errors import InputError

GATE = {"assessment": "assessment.yaml", "source": "src", "branch": "release/1"}


def loaded(platform, **settings):
    """Return a rendered workflow as data; YAML 1.1 reads the key ``on`` as true."""
    data = yaml.safe_load(render(platform, **settings))
    if True in data:
        data["on"] = data.pop(True)
    return data


def commands(platform, **settings):
    """Return every redqubit command line of a workflow."""
    text = render(platform, **settings)
    return [line.strip(" -").removeprefix("run: ") for line in text.splitlines()
            if re.match(r"\s*- (run: )?redqubit ", line)]  # fmt: skip


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("settings", [{}, GATE])
def test_nothing_of_the_template_is_left(platform, settings):
    """Every placeholder is filled and every mark of the gate is gone."""
    text = render(platform, **settings)
    assert not re.search(r"@[A-Z]+@|# gate:", text)
    assert ("redqubit gate" in text) == bool(settings)


@pytest.mark.parametrize("settings", [{}, GATE])
def test_the_github_workflow_holds_its_rules(settings):
    """Known keys, pinned actions, least rights, a limit of time on every job."""
    data = loaded("github", **settings)
    assert data.keys() == {"name", "on", "permissions", "concurrency", "jobs"}
    assert data["permissions"] == {}
    for name, job in data["jobs"].items():
        assert job.keys() == {"name", "runs-on", "timeout-minutes", "permissions", "steps"}
        rights = dict(job["permissions"])
        assert rights.pop("contents") == "read"
        assert rights == ({"security-events": "write"} if name == "scan" else {})
        for step in job["steps"]:
            assert step.keys() <= {"uses", "with", "run", "if"}
            assert ("uses" in step) != ("run" in step)
            if "uses" in step:
                assert re.fullmatch(r"[\w-]+(/[\w-]+)+@[0-9a-f]{40}", step["uses"])
            if step.get("uses", "").startswith("actions/checkout"):
                assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("settings", [{}, GATE])
def test_the_gitlab_workflow_holds_its_rules(settings):
    """Known keys, a stage that exists, reports that are made by the script."""
    data = loaded("gitlab", **settings)
    assert data.pop("stages") == ["test"]
    for name, job in data.items():
        allowed = {"stage", "image", "rules", "extends", "timeout", "before_script", "script"}
        assert job.keys() <= allowed | {"artifacts"}
        assert name.startswith(".") or job["extends"] in data
        for report in job.get("artifacts", {}).get("reports", {}).values():
            folder = report.split("/")[0]
            assert any(folder in line for line in job["script"])


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_command_in_a_workflow_exists(platform):
    """Commands and options are those of the command line as it is."""
    root = get_command(app)
    assert commands(platform, **GATE)
    for line in commands(platform, **GATE):
        words = shlex.split(line)[1:]
        command = root
        while hasattr(command, "commands") and words[0] in command.commands:
            command = command.commands[words.pop(0)]
        assert not hasattr(command, "commands"), line
        known = {name for option in command.params for name in option.opts}
        assert {word for word in words if word.startswith("-")} <= known, line


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"source": "src; rm -rf /"}, "source must be plain"),
        ({"branch": "${{ github.token }}"}, "branch must be plain"),
        ({"assessment": "a b"}, "assessment must be plain"),
        ({"python": "2.7"}, "python must be plain"),
    ],
)
def test_values_cannot_break_out_of_a_workflow(settings, says):
    """Anything but plain words is refused, so nothing is injected."""
    with pytest.raises(InputError, match=says):
        render("github", **settings)


@pytest.mark.parametrize("settings", [{}, GATE])
@pytest.mark.parametrize(
    ("platform", "schema"), [("github", "github-workflows"), ("gitlab", "gitlab-ci")]
)
def test_workflows_fit_the_platforms_schema(tmp_path, platform, schema, settings):
    """The published JSON schemas of GitHub's and GitLab's workflows accept what is rendered."""
    path = tmp_path / "workflow.yml"
    path.write_text(render(platform, **settings))
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    done = subprocess.run([*command, str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    path.write_text(render(platform, **settings).replace("timeout", "timeuot"))
    assert subprocess.run([*command, str(path)], capture_output=True).returncode == 1


@pytest.mark.parametrize("settings", [{}, GATE])
def test_an_auditor_of_workflows_finds_nothing(tmp_path, settings):
    """Pins, rights, credentials, expressions and caches pass a security audit at its strictest."""
    path = tmp_path / ".github" / "workflows" / "redqubit.yml"
    path.parent.mkdir(parents=True)
    auditor = Path(sys.executable).with_name("zizmor")

    def audited(text):
        path.write_text(text)
        command = [auditor, "--offline", "--no-progress", "--persona", "auditor", tmp_path]
        return subprocess.run(command, capture_output=True, text=True)

    text = render("github", **settings)
    done = audited(text)
    assert done.returncode == 0, done.stdout
    unsafe = text.replace("permissions: {}", "permissions: write-all")
    assert audited(unsafe).returncode != 0


def test_workflows_install_the_version_that_wrote_them():
    """A pipeline of today runs the same redqubit tomorrow."""
    for platform in PLATFORMS:
        installs = re.findall(r"pip install '?(redqubit\S*?)'?\n", render(platform, **GATE))
        assert len(installs) == 3
        assert all(item.endswith(f"=={version('redqubit')}") for item in installs)


def test_an_unknown_platform_is_refused():
    """The near miss is named."""
    with pytest.raises(InputError, match="did you mean 'gitlab'"):
        render("gitlb")
