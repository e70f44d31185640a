"""Campaigns: no alarm on clean circuits, findings made small, budgets and resumption kept."""

from pathlib import Path

import pytest
from qiskit import transpile
from qiskit.circuit import QuantumCircuit

from redqubit.core.errors import InputError
from redqubit.scan.fuzz.circuit import campaign as campaigns
from redqubit.scan.fuzz.circuit import fuzz_circuits

COMPILING = {"M01", "M02"}


def forgetful(circuit: QuantumCircuit) -> QuantumCircuit:
    """Compile, and lose every T gate on the way."""
    kept = circuit.copy_empty_like()
    for item in circuit.data:
        if item.name != "t":
            kept.append(item)
    return transpile(kept, optimization_level=0)


def test_three_hundred_clean_circuits_raise_no_alarm() -> None:
    """Compilers and formats as they are pass; a compiler's approximation may be unknown."""
    names = ["M01", "M02", "M04", "M06", "M22"]
    campaign = fuzz_circuits(names, circuits=300, seed=2)
    assert campaign.findings == ()
    for name in names:
        assert campaign.verdicts[name]["agree"] >= (298 if name in COMPILING else 300)
    assert campaign.result.exit_code("note") == 0


def test_a_broken_pass_is_found_with_a_minimal_circuit(tmp_path: Path) -> None:
    """A user's pass that drops a gate is reported on a circuit of very few gates."""
    campaign = fuzz_circuits(
        ["M01"], circuits=40, seed=1, passes=forgetful, corpus=tmp_path, profiles=["universal"]
    )
    assert campaign.findings
    finding = campaign.findings[0]
    assert (finding.rule, finding.severity) == ("FUZ-01", "high")
    assert "the given compiler changes the unitary" in finding.message
    text = (tmp_path / finding.place.file).read_text()
    assert text.count(";\n") <= 6
    assert "t q[" in text
    assert "OPENQASM 2.0;" in finding.flow[0].text
    assert campaign.result.exit_code("high") == 1


def test_stored_failures_are_tried_again_first(tmp_path: Path) -> None:
    """The next run reports the known failure even where its own circuits show none."""
    first = fuzz_circuits(["M01"], circuits=20, passes=forgetful, corpus=tmp_path)
    again = fuzz_circuits(
        ["M01"], circuits=1, passes=forgetful, corpus=tmp_path, profiles=["model"]
    )
    assert again.next == 21
    known = {finding.fingerprint for finding in first.findings}
    assert known <= {finding.fingerprint for finding in again.findings}
    repaired = fuzz_circuits(["M01"], circuits=1, corpus=tmp_path)
    assert repaired.findings == ()


def test_what_does_not_repeat_is_unknown() -> None:
    """A pass that fails every second time gives no finding."""
    calls = iter(range(10**6))

    def moody(circuit: QuantumCircuit) -> QuantumCircuit:
        result = circuit.copy()
        if next(calls) % 2 == 0:
            result.x(0)
        return result

    campaign = fuzz_circuits(["M01"], circuits=5, passes=moody)
    assert campaign.findings == ()
    assert campaign.verdicts["M01"]["unknown"] == 5


def test_time_is_a_budget_and_progress_is_told() -> None:
    """A campaign by seconds ends, and says how many circuits it has done."""
    told: list[tuple[int, int]] = []
    campaign = fuzz_circuits(
        ["M04"], seconds=0.3, progress=lambda done, found, _: told.append((done, found))
    )
    assert campaign.cases == len(told) == told[-1][0]
    assert 0.3 <= campaign.seconds < 5
    assert campaign.rate > 0


def test_a_missing_package_makes_the_run_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    """An oracle that cannot run is named, and the exit code says incomplete."""
    monkeypatch.setattr(campaigns, "available", lambda module: module == "qiskit")
    campaign = fuzz_circuits(["M04", "M07"], circuits=1)
    assert [item.file for item in campaign.skipped] == ["oracle M07"]
    assert campaign.result.exit_code("note") == 3


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({}, "seconds, circuits or both"),
        ({"seconds": 0}, "positive"),
        ({"seconds": float("nan")}, "positive"),
        ({"circuits": 0}, "positive"),
        ({"circuits": 1, "seed": -1}, "seed"),
        ({"circuits": 1, "profiles": []}, "profile"),
        ({"circuits": 1, "oracles": ["M1"]}, "did you mean"),
    ],
)
def test_impossible_campaigns_are_refused(arguments: dict[str, object], word: str) -> None:
    """Each impossible request is an error that says what to give."""
    with pytest.raises(InputError, match=word):
        fuzz_circuits(**arguments)
