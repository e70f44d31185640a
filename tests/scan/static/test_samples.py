"""Every annotated sample: a rule finds its positives, on their lines, and nothing else."""

import random
import re
import shutil
import string
from pathlib import Path

import pytest

from redqubit.scan.static import engine
from redqubit.scan.static.rule import about
from redqubit.scan.static.rules import ALL

SAMPLES = Path(__file__).parent / "samples"
KINDS = {".py", ".ipynb", ".template"}
FILES = sorted(path for path in SAMPLES.rglob("*") if path.is_file() and path.suffix in KINDS)
MARK = re.compile(r"#\s*finds:\s*([A-Z]{3}-\d{2})(?:\s+(note|low|medium|high|critical)\b)?")
OK = re.compile(r"#\s*ok\b")
HOLE = re.compile(r"@(hex|word|letter|aws|zero)(\d+)@")
ALPHABETS = {
    "hex": "0123456789abcdef",
    "word": string.ascii_letters + string.digits,
    "letter": string.ascii_letters,
    "aws": string.ascii_uppercase + "234567",
    "zero": "0",
}
RULES = {rule.ID: rule for rule in ALL}
# The comments that SUP-01 finds would be taken for marks; test_suppress tests it.
SAMPLED = [rule for rule in ALL if not rule.ID.startswith("SUP")]


def filled(path: Path) -> str:
    """Return a sample's text; tokens are made here, so that none stands in the repository."""
    text = path.read_text()
    rng = random.Random(7)

    def token(hole: re.Match[str]) -> str:
        made = "".join(rng.choice(ALPHABETS[hole[1]]) for _ in range(int(hole[2])))
        return made if hole[1] != "word" else f"{made[:-3]}7Qz"

    return HOLE.sub(token, text) if path.suffix == ".template" else text


def rule_of(path: Path) -> str:
    """Return the rule whose folder a sample lies in."""
    return path.relative_to(SAMPLES).parts[0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SAMPLES)))
def test_a_sample_gives_its_findings_and_no_other(path: Path, tmp_path: Path) -> None:
    """The rule of the sample's folder fires on each marked line and on no other."""
    rule = rule_of(path)
    root = tmp_path
    text = filled(path)
    name = path.name.removesuffix(".template")
    (root / name).write_text(text)
    if path.parent != SAMPLES / rule:
        shutil.copytree(path.parent, root, dirs_exist_ok=True)
    result = engine.scan([root], select=[rule], root=root)
    assert not result.skipped
    found = {item.place.line: item.severity for item in result.findings if item.place.file == name}
    if name.endswith(".ipynb"):
        assert bool(found) == name.startswith("positive")
        return
    marks = {
        number: mark
        for number, line in enumerate(text.split("\n"), 1)
        for mark in MARK.finditer(line)
        if mark[1] == rule
    }
    assert sorted(found) == sorted(marks)
    assert {line: mark[2] for line, mark in marks.items() if mark[2]} == {
        line: found[line] for line, mark in marks.items() if mark[2]
    }


@pytest.mark.parametrize("rule", SAMPLED, ids=lambda rule: rule.ID)
def test_a_rule_has_enough_samples(rule) -> None:
    """Rules of high severity have ten positives and ten negatives, the others four of each."""
    needed = 10 if rule.SEVERITY in {"high", "critical"} else 4
    texts = [path.read_text() for path in FILES if rule_of(path) == rule.ID]
    found = sum(mark == rule.ID for text in texts for mark, _ in MARK.findall(text))
    assert found >= needed
    assert sum(len(OK.findall(text)) for text in texts) >= needed


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.ID)
def test_a_rule_describes_itself(rule) -> None:
    """The docstring has its four parts and the file is named after the id."""
    told = about(rule)
    assert told.summary.endswith(".")
    assert told.frameworks
    assert rule.ADVICE.endswith(".")
    assert rule.__name__.rpartition(".")[2] == rule.ID.lower().replace("-", "_")


def test_ids_are_unique() -> None:
    """No two rules share an id."""
    assert len(RULES) == len(ALL)
