"""The gate reads two runs and says by its exit code whether the new one may go out."""

import dataclasses
import json

import pytest

from redqubit.assess.store import Store
from redqubit.core.estimate import Rate
from redqubit.core.evidence import Evidence, Provenance

WHERE = Provenance(seed=1, versions={}, device="cpu", created="2026-11-20T00:00:00Z")
CLEAN = Evidence(
    "a1", "baseline", "", "none", "measured", WHERE, rates={"clean_accuracy": Rate(190, 200)}
)
ATTACKED = Evidence(
    "b2",
    "evasion",
    "QML.T0012",
    "square",
    "measured",
    WHERE,
    rates={"attacked_accuracy": Rate(120, 200)},
)


def stored(folder, *evidence):
    with Store(folder).open() as store:
        for item in evidence:
            store.append(item)
    return folder


@pytest.mark.parametrize(
    ("after", "code", "verdict"),
    [
        ((CLEAN, ATTACKED), 0, "no worse"),
        ((CLEAN,), 3, "missing"),
        (
            (dataclasses.replace(CLEAN, rates={"clean_accuracy": Rate(90, 200)}), ATTACKED),
            1,
            "worse",
        ),
    ],
)
def test_the_exit_code_is_the_verdict(run, tmp_path, after, code, verdict):
    """0 if nothing is worse, 1 if something is, 3 if something was not measured."""
    before = stored(tmp_path / "before", CLEAN, ATTACKED)
    new = stored(tmp_path / "new", *after)
    got, out, err = run("gate", new, "--baseline", before)
    assert got == code
    assert verdict in {row["verdict"] for row in json.loads(out)}
    assert "no worse" in err
    assert run("gate", new, "--baseline", before, "--format", "table")[0] == code


def test_a_run_without_evidence_is_no_pass(run, tmp_path):
    """Both folders must hold evidence."""
    new = stored(tmp_path / "new", CLEAN)
    code, _, err = run("gate", new, "--baseline", tmp_path / "nothing")
    assert code == 2
    assert "holds no evidence" in err
