"""From a template to the workflow of one project."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path
from typing import Final

from redqubit.core.errors import InputError, unknown

FOLDER: Final = Path(__file__).parent
PLATFORMS: Final = {  # platform: template and where the platform looks for it
    "github": ("github.yaml", ".github/workflows/redqubit.yml"),
    "gitlab": ("gitlab.yaml", ".gitlab-ci.yml"),
}
_PATH: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]*")
_VERSION: Final = re.compile(r"3\.\d{1,2}")
_BRANCH: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


def render(
    platform: str,
    *,
    source: str = ".",
    assessment: str = "",
    baseline: str = "baseline",
    branch: str = "main",
    python: str = "3.12",
) -> str:
    """Return the workflow of a project; it installs the version of redqubit that wrote it.

    Parameters
    ----------
    platform
        ``github`` or ``gitlab``.
    source
        Folder to scan.
    assessment
        Assessment file for the robustness gate; without one there is no gate.
    baseline
        Folder in the repository with the evidence to hold new runs against.
    branch, python
        Branch that is guarded, and version of Python.

    Raises
    ------
    InputError
        The platform is unknown, or a value holds characters that a workflow could misread.
    """
    if platform not in PLATFORMS:
        raise unknown("platform", platform, PLATFORMS)
    for name, value, pattern in (
        ("source", source, _PATH),
        ("assessment", assessment, _PATH),
        ("baseline", baseline, _PATH),
        ("branch", branch, _BRANCH),
        ("python", python, _VERSION),
    ):
        plain = value == "." if name == "source" else value == "" and name == "assessment"
        if not (plain or pattern.fullmatch(value)):
            raise InputError(f"{name} must be plain (letters, digits, . _ - /), got {value!r:.60}")
    text = (FOLDER / PLATFORMS[platform][0]).read_text(encoding="utf-8")
    if not assessment:
        text = re.sub(r"^ *# gate: begin\n.*?^ *# gate: end\n", "", text, flags=re.S | re.M)
    text = re.sub(r"^ *# gate: (begin|end)\n", "", text, flags=re.M)
    values = {
        "SOURCE": source,
        "ASSESSMENT": assessment,
        "BASELINE": baseline,
        "BRANCH": branch,
        "PYTHON": python,
        "VERSION": version("redqubit"),
    }
    return re.sub(r"@([A-Z]+)@", lambda found: values[found[1]], text)
