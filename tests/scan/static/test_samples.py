"""Every annotated sample: a rule finds its positives, on their lines, and nothing else."""

import re
from collections import Counter
from pathlib import Path

import pytest

from redqubit.scan.static import engine
from redqubit.scan.static.rule import about
from redqubit.scan.static.rules import ALL

SAMPLES = Path(__file__).parent / "samples"
FILES = sorted(
    path for path in SAMPLES.rglob("*") if path.is_file() and path.suffix in {".py", ".ipynb"}
)
MARK = re.compile(r"#\s*finds:\s*([A-Z]{3}-\d{2}(?:\s*,\s*[A-Z]{3}-\d{2})*)")
RULES = {rule.ID: rule for rule in ALL}


def expected(path: Path, rule: str) -> Counter[int]:
    """Return the lines whose comment says that the rule finds something there."""
    lines = path.read_text().split("\n")
    return Counter(
        number
        for number, line in enumerate(lines, 1)
        for mark in MARK.findall(line)
        if rule in re.split(r"\s*,\s*", mark)
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SAMPLES)))
def test_a_sample_gives_its_findings_and_no_other(path: Path) -> None:
    """The rule of the sample's folder fires on each marked line and on no other."""
    rule = path.relative_to(SAMPLES).parts[0]
    folder = SAMPLES / rule
    inner = path.parent if path.parent != folder else path
    result = engine.scan([inner], select=[rule], root=path.parent)
    assert not result.skipped
    mine = [item for item in result.findings if item.place.file == path.name]
    if path.suffix == ".ipynb":
        assert bool(mine) == path.name.startswith("positive")
    else:
        assert Counter(item.place.line for item in mine) == expected(path, rule)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.ID)
def test_a_rule_has_enough_samples(rule) -> None:
    """Rules of high severity have ten positives and ten negatives, the others four of each."""
    needed = 10 if rule.SEVERITY in {"high", "critical"} else 4
    texts = [path.read_text() for path in FILES if path.relative_to(SAMPLES).parts[0] == rule.ID]
    found = sum(rule.ID in mark for text in texts for mark in MARK.findall(text))
    silent = sum(len(re.findall(r"#\s*ok\b", text)) for text in texts)
    assert found >= needed
    assert silent >= needed


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
