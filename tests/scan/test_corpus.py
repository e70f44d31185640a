import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from redqubit.core.estimate import Rate
from redqubit.killchain import document
from redqubit.scan.finding import Finding
from redqubit.scan.static.engine import scan

CORPORA = [Path(__file__).with_name(name) for name in ("corpus", "heldout")]
SECURITY = ("DES", "SEC", "ENC", "VAR", "RUN")
NEAR = 2  # lines


@dataclass(frozen=True)
class Spot:
    """A line of a file; in a notebook, of a cell (from 1)."""

    file: str
    line: int
    cell: int | None = None

    def near(self, other: "Spot") -> bool:
        """Return whether both are the same place, give or take two lines."""
        return (
            self.file == other.file
            and self.cell == other.cell
            and abs(self.line - other.line) <= NEAR
        )

    @classmethod
    def parse(cls, text: str, file: str) -> "Spot":
        """Read ``12``, ``12#3`` (cell 3) or ``project/file.py:12``."""
        place, _, cell = text.partition("#")
        name, _, line = place.rpartition(":")
        return cls(name or file, int(line), int(cell) if cell else None)


@dataclass(frozen=True)
class Label:
    """A defect to report and the places that name it."""

    rule: str
    spots: tuple[Spot, ...]
    optional: bool

    def covers(self, rule: str, spot: Spot) -> bool:
        """Return whether a finding of this rule at this place is this defect."""
        return self.rule == rule and any(own.near(spot) for own in self.spots)

    def distance(self, spot: Spot) -> int:
        """Return lines from the defect; far for a place that only leads to it."""
        first = self.spots[0]
        return abs(first.line - spot.line) if first.near(spot) else NEAR + 1


@dataclass
class Score:
    """Labels that were found and missed, and findings that name nothing."""

    found: list[Label] = field(default_factory=list)
    missed: list[Label] = field(default_factory=list)
    false: list[tuple[Finding, Spot]] = field(default_factory=list)

    def precision(self, *families: str) -> Rate:
        """Return the share of findings that name a label."""
        right = sum(label.rule.startswith(families) for label in self.found)
        return Rate(right, right + sum(item.rule.startswith(families) for item, _ in self.false))

    def recall(self, *families: str) -> Rate:
        """Return the share of labels that were found."""
        right = sum(label.rule.startswith(families) for label in self.found)
        return Rate(right, right + sum(label.rule.startswith(families) for label in self.missed))


def labels(corpus: Path) -> dict[str, list[Label]]:
    data = document.read(corpus / "labels.yaml").data
    return {
        file: [
            Label(
                entry["rule"],
                (
                    Spot(file, entry["line"], entry.get("cell")),
                    *(Spot.parse(text, file) for text in entry.get("or", ())),
                ),
                entry.get("optional", False),
            )
            for entry in entries
        ]
        for file, entries in data.items()
    }


def findings(corpus: Path) -> Iterator[tuple[Finding, Spot]]:
    """Scan each project as its own root; notes are left out."""
    for project in sorted((corpus / "projects").iterdir()):
        result = scan([project], root=project)
        assert not result.skipped, result.skipped
        for item in result.findings:
            if item.severity != "note":
                file = f"{project.name}/{item.place.file}"
                yield item, Spot(file, item.place.line, item.place.cell)


def score(corpus: Path) -> Score:
    """Give each label the nearest finding; what repeats a label counts neither way."""
    rest: dict[str, list[tuple[Finding, Spot]]] = defaultdict(list)
    for item, spot in findings(corpus):
        rest[item.rule].append((item, spot))
    every = [label for entries in labels(corpus).values() for label in entries]
    wanted = [label for label in every if not label.optional]
    pairs = [
        (label.distance(spot), index, (item, spot))
        for index, label in enumerate(wanted)
        for item, spot in rest[label.rule]
        if label.covers(label.rule, spot)
    ]
    made, taken = Score(), dict[int, tuple[Finding, Spot]]()
    for _, index, pair in sorted(pairs, key=lambda entry: entry[:2]):
        if index not in taken and pair not in taken.values():
            taken[index] = pair
            rest[wanted[index].rule].remove(pair)
    for index, label in enumerate(wanted):
        (made.found if index in taken else made.missed).append(label)
    for rule, others in rest.items():
        made.false += [
            pair for pair in others if not any(label.covers(rule, pair[1]) for label in every)
        ]
    return made


def table(made: Score) -> str:
    lines = ["", "family  precision                                recall"]
    for family in (*SECURITY, "DEP"):
        if not made.recall(family).n:
            continue  # nobody labeled it here
        lines.append(f"{family:7s} {made.precision(family)!s:40s} {made.recall(family)!s}")
    lines.append(f"{'all 5':7s} {made.precision(*SECURITY)!s:40s} {made.recall(*SECURITY)!s}")
    right = Counter(label.rule for label in made.found)
    gone = Counter(label.rule for label in made.missed)
    false = Counter(item.rule for item, _ in made.false)
    lines.append("rule    found  missed  false")
    lines += [
        f"{rule:7s} {right[rule]:5d} {gone[rule]:7d} {false[rule]:6d}"
        for rule in sorted({*right, *gone, *false})
    ]
    lines += [f"missed {label.rule} {label.spots[0]}" for label in made.missed]
    lines += [f"false {item.rule} {spot} {item.message}" for item, spot in made.false]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module", params=CORPORA, ids=lambda folder: folder.name)
def corpus(request) -> Path:
    return request.param


def test_every_file_has_a_label_entry_and_every_entry_a_file(corpus):
    """Labels and files of a corpus name each other, and a third or more are clean on purpose."""
    projects, known = corpus / "projects", labels(corpus)
    files = {p.relative_to(projects).as_posix() for p in projects.rglob("*") if p.is_file()}
    assert known.keys() == {name for name in files if "__pycache__" not in name}
    code = [entries for name, entries in known.items() if not name.endswith("__init__.py")]
    assert sum(not entries for entries in code) >= len(code) / 3


def test_every_security_rule_has_four_labels(corpus):
    """A figure for a corpus speaks for all 37 security rules."""
    every = [label for entries in labels(corpus).values() for label in entries]
    count = Counter(label.rule for label in every if not label.optional)
    counts = [n for rule, n in count.items() if rule.startswith(SECURITY)]
    assert len(counts) == 37
    assert min(counts) >= 4


def test_precision_and_recall_of_the_security_rules(corpus, capsys):
    """On code written without sight of the rules, 90 % is right and 85 % is found."""
    made = score(corpus)
    with capsys.disabled():
        sys.stdout.write(f"\n{corpus.name}{table(made)}")
    precision, recall = made.precision(*SECURITY).value, made.recall(*SECURITY).value
    assert precision is not None
    assert recall is not None
    assert precision >= 0.90
    assert recall >= 0.85
