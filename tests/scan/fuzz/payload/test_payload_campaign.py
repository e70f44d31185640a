"""Campaigns find every seeded fault, report nothing on a clean parser, and go on after a stop."""

import json
from pathlib import Path
from types import ModuleType

import pytest

from redqubit.core.errors import InputError
from redqubit.scan.fuzz.payload import Bounds, Progress, choose, fuzz_payloads

BOUNDS = Bounds(seconds=0.5, megabytes=1024, batch=8)
FAULTS = {
    "hangs": ("FUZ-24", "high", "does not end"),
    "sleeps": ("FUZ-24", "high", "does not end"),
    "aborts": ("FUZ-23", "high", "SIGABRT"),
    "leaves": ("FUZ-23", "high", "exit 0"),
    "panics": ("FUZ-23", "high", "PanicError"),
    "eats": ("FUZ-24", "medium", "MB"),
    "gorges": ("FUZ-23", "medium", "MemoryError"),
    "recurses": ("FUZ-23", "medium", "RecursionError"),
    "untyped": ("FUZ-23", "low", "KeyError"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_seeded_faults_are_found(toys: ModuleType, tmp_path: Path, name: str) -> None:
    """Each faulty parser is found within a few seconds, with one small input kept."""
    rule, severity, text = FAULTS[name]
    toy = toys.toy(getattr(toys, name))
    for _ in range(6):  # on a busy machine a second may be a handful of batches
        done = fuzz_payloads([toy], seconds=1, seed=5, corpus=tmp_path, bounds=BOUNDS)
        hits = [found for found in done.findings if found.rule == rule and text in found.message]
        if hits:
            break
    assert hits
    assert hits[0].severity == severity
    assert name in hits[0].message
    kept = tmp_path / hits[0].place.file
    assert kept.stat().st_size < 5000
    assert kept.name.endswith(".qasm3")
    assert done.result.exit_code("low") == 1


@pytest.mark.parametrize("kind", ["qasm2", "qasm3", "qpy", "json"])
def test_clean_parsers_give_no_finding(toys: ModuleType, kind: str) -> None:
    """A parser that accepts or rejects cleanly leads to nothing, whatever it is sent."""
    done = fuzz_payloads([toys.toy(toys.clean, kind)], seconds=1, seed=3, bounds=BOUNDS)
    assert done.findings == ()
    assert done.cases > 16
    assert sum(done.endings["clean"].values()) == done.cases
    assert done.verdicts["M23"]["differ"] == done.verdicts["M24"]["differ"] == 0


def test_disagreement_is_a_note(toys: ModuleType) -> None:
    """Two parsers that judge one text differently give a note, not a bug."""
    pair = [toys.toy(toys.clean, votes=True), toys.toy(toys.stricter, votes=True)]
    done = fuzz_payloads(pair, seconds=2, seed=1, bounds=BOUNDS)
    assert {found.rule for found in done.findings} == {"FUZ-08"}
    assert {found.severity for found in done.findings} == {"note"}
    assert "clean accepts, stricter rejects" in done.findings[0].message
    assert done.verdicts["M08"]["differ"] > 0


def test_own_admission_control_survives(tmp_path: Path) -> None:
    """The bound itself never crashes, hangs or takes much on hostile payloads."""
    names = ["redqubit.qasm2", "redqubit.qasm3", "redqubit.qpy", "redqubit.json"]
    done = fuzz_payloads(choose(names), seconds=3, seed=11, bounds=Bounds(seconds=1.0))
    assert done.findings == ()
    assert all(done.endings[name]["rejected"] for name in names)


def test_a_campaign_goes_on_where_it_ended(toys: ModuleType, tmp_path: Path) -> None:
    """State, inputs and findings of a run are the start of the next one."""
    toy = toys.toy(toys.untyped)
    seen: list[Progress] = []
    first = fuzz_payloads(
        [toy], seconds=2, seed=5, corpus=tmp_path, progress=seen.append, bounds=BOUNDS
    )
    assert 0 < seen[-1].cases <= first.cases
    assert json.loads((tmp_path / "payloads.json").read_text())["next"] == first.next
    assert list((tmp_path / "inputs").glob("*.qasm3"))
    second = fuzz_payloads([toy], seconds=0.5, seed=5, corpus=tmp_path, bounds=BOUNDS)
    assert second.next > first.next
    assert {one.fingerprint for one in first.findings} <= {
        one.fingerprint for one in second.findings
    }
    with pytest.raises(InputError, match="seed 5, not 6"):
        fuzz_payloads([toy], seconds=1, seed=6, corpus=tmp_path)


def test_arguments_are_checked(toys: ModuleType, tmp_path: Path) -> None:
    """What cannot run is refused with what to do."""
    with pytest.raises(InputError, match="no parser"):
        fuzz_payloads([], seconds=1, seed=1)
    with pytest.raises(InputError, match="positive"):
        fuzz_payloads([toys.toy(toys.clean)], seconds=0, seed=1)
    with pytest.raises(InputError, match=r"did you mean 'qiskit\.qpy'"):
        choose(["qiskit.qpyy"])
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is a file"):
        fuzz_payloads([toys.toy(toys.clean)], seconds=1, seed=1, corpus=tmp_path / "file")


def test_a_parser_that_cannot_be_imported_is_skipped(toys: ModuleType) -> None:
    """The campaign goes on with the others and says who is missing."""

    def load() -> object:
        raise OSError("library is broken")

    broken = type(toys.toy(toys.clean))("broken", "qasm3", "redqubit", (), load, ())
    done = fuzz_payloads([broken, toys.toy(toys.clean)], seconds=0.5, seed=1, bounds=BOUNDS)
    assert [one.file for one in done.skipped] == ["broken"]
    assert done.result.exit_code("low") == 3


def test_real_parsers_run(tmp_path: Path) -> None:
    """Parsers of Qiskit accept valid payloads and are run several times a second."""
    pytest.importorskip("qiskit")
    done = fuzz_payloads(choose(["qiskit.qasm2", "qiskit.qpy"]), seconds=3, seed=2, corpus=tmp_path)
    assert done.endings["qiskit.qasm2"]["accepted"] > 0
    assert done.endings["qiskit.qpy"]["accepted"] > 0
    assert done.rate > 5
