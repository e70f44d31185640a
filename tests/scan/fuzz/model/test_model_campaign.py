"""Campaigns on models: budgets, stored findings, declarations and references."""

import json
import math
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from redqubit.core.errors import InputError, MissingExtraError
from redqubit.scan.fuzz.model import Model, fuzz_model, load
from redqubit.scan.fuzz.model import campaign as campaigns
from redqubit.scan.fuzz.model.model import shaped
from redqubit.scan.fuzz.model.shrink import shrink


def cosine(rows: np.ndarray) -> np.ndarray:
    """Return one output per row, as a vector."""
    return np.cos(rows).prod(axis=1)


def test_a_pennylane_model_is_fuzzed() -> None:
    """A QNode on batches has its period, is independent of batches, and lets NaN through."""
    qml = pytest.importorskip("pennylane")

    @qml.qnode(qml.device("default.qubit", wires=2))
    def node(rows: np.ndarray) -> Any:
        qml.RX(rows[..., 0], wires=0)
        qml.RY(rows[..., 1], wires=1)
        qml.CNOT([0, 1])
        return qml.expval(qml.PauliZ(1))

    campaign = fuzz_model(Model(node, 2, period=2 * math.pi), ["M14", "M20"], examples=8)
    assert campaign.findings == ()
    assert campaign.cases > 200
    wrong = fuzz_model(Model(node, 2, period=math.pi), ["M14"], examples=8)
    assert [finding.rule for finding in wrong.findings] == ["FUZ-14"]


def test_findings_are_kept_with_their_rows(tmp_path: Path) -> None:
    """The corpus holds the failing rows as JSON, and the finding shows them."""
    campaign = fuzz_model(Model(cosine, 2), ["M18"], name="iris.py", corpus=tmp_path / "c")
    (finding,) = campaign.findings
    record = json.loads((tmp_path / "c" / "M18.json").read_text())
    assert json.dumps(record["rows"]) in finding.flow[0].text
    assert finding.place.file == "iris.py"
    assert finding.cwe == (20, 682)


def test_kept_rows_are_judged_first(tmp_path: Path) -> None:
    """Rows of an earlier run fail again at once, with any seed, and a mended model passes them."""
    corpus = tmp_path / "c"
    narrow = Model(lambda rows: np.cos(rows).prod(axis=1) + (rows[:, 0] > 3.0), 2, period=math.tau)
    first = fuzz_model(narrow, ["M14"], examples=40, corpus=corpus)
    assert [finding.rule for finding in first.findings] == ["FUZ-14"]
    again = fuzz_model(narrow, ["M14"], examples=1, seed=99, corpus=corpus)
    assert again.cases <= 3
    assert [finding.message for finding in again.findings] == [
        finding.message for finding in first.findings
    ]
    mended = fuzz_model(Model(cosine, 2, period=math.tau), ["M14"], examples=5, corpus=corpus)
    assert mended.findings == ()
    assert mended.verdicts["M14"]["agree"] >= 6


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"oracle": "M18", "detail": "", "seed": -1, "draw": 0, "rows": [[0, 1]]}',
        '{"oracle": "M18", "detail": "", "seed": 0, "draw": 0, "rows": [[0, 1, 2]]}',
        '{"oracle": "M18", "detail": "", "seed": 0, "draw": 0, "rows": [[0, "x"]]}',
    ],
)
def test_kept_rows_that_cannot_be_read_are_named(tmp_path: Path, text: str) -> None:
    """A broken case makes the campaign incomplete and nothing else."""
    (tmp_path / "M14.json").write_text(text)
    campaign = fuzz_model(Model(cosine, 2, period=math.tau), ["M14"], examples=2, corpus=tmp_path)
    assert [item.file for item in campaign.skipped] == ["M14.json"]
    assert campaign.findings == ()
    with pytest.raises(InputError, match="is a folder"):
        fuzz_model(Model(cosine, 2), corpus=tmp_path / "M14.json")


def test_time_is_a_budget() -> None:
    """Oracles share the seconds, and progress is told after each."""
    told: list[int] = []
    model = Model(cosine, 2, period=2 * math.pi)
    campaign = fuzz_model(
        model, examples=10**6, seconds=0.5, batch=8, progress=lambda rows, *_: told.append(rows)
    )
    assert campaign.seconds < 10
    assert len(told) == 3
    assert campaign.cases == told[-1]


def test_what_is_not_declared_is_not_applicable() -> None:
    """An oracle left out for lack of a declaration is listed, and asked for by name an error."""
    campaign = fuzz_model(Model(cosine, 1), examples=2)
    assert {item.file for item in campaign.not_applicable} >= {"oracle M14", "oracle M19"}
    assert campaign.result.skipped == ()
    with pytest.raises(InputError, match="M19 cannot run: the model declares no kernel"):
        fuzz_model(Model(cosine, 1), ["M19"])


@pytest.mark.parametrize("arguments", [{"examples": 0}, {"seconds": 0}, {"seed": -1}, {"batch": 0}])
def test_impossible_campaigns_are_refused(arguments: dict[str, Any]) -> None:
    """Each impossible number is an error that says what came."""
    with pytest.raises(InputError, match="positive"):
        fuzz_model(Model(cosine, 1), **arguments)


def test_without_hypothesis_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says which extra brings the missing package."""
    monkeypatch.setattr(campaigns, "find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"redqubit\[fuzz\]"):
        fuzz_model(Model(cosine, 1))


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"outputs": 3}, "function"),
        ({"features": 0}, "features"),
        ({"low": 2.0, "high": 1.0}, "range"),
        ({"high": math.inf}, "range"),
        ({"period": 0.0}, "positive"),
        ({"period": (1.0, 2.0, 3.0)}, "one number or 2"),
        ({"weighted": lambda w, x: x}, "need weights"),
        ({"named": lambda values: 0.0, "names": ("a",)}, "1 entries for 2"),
    ],
)
def test_declarations_are_checked(arguments: dict[str, Any], word: str) -> None:
    """What cannot be meant is an error when the model is declared."""
    with pytest.raises(InputError, match=word):
        Model(**{"outputs": cosine, "features": 2, **arguments})


def test_outputs_have_a_row_per_row() -> None:
    """One number for many rows is refused; a number for one row is a row."""
    assert shaped(0.5, 1).shape == (1, 1)
    assert shaped(np.zeros((4, 2, 3)), 4).shape == (4, 6)
    with pytest.raises(InputError, match="3 rows came back as"):
        shaped(0.5, 3)


def test_shrunken_rows_are_few_and_plain() -> None:
    """Only the row and the number that matter keep their value, to one digit."""
    rows = np.random.default_rng(2).uniform(-3, 3, (33, 4))
    rows[17, 2] = 3.4567
    small = shrink(rows, lambda case: bool((case > 3.2).any()))
    assert small.tolist() == [[0.0, 0.0, 3.5, 0.0]]


def test_references_lead_to_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reference names a model or a function that returns one; anything else is an error."""
    module = ModuleType("my_models")
    model = Model(cosine, 2)
    vars(module).update(iris=model, build=lambda: model, number=3)
    monkeypatch.setitem(__import__("sys").modules, "my_models", module)
    assert load("my_models:iris") is model
    assert load("my_models:build") is model
    for reference, word in (
        ("my_models", "package.module:name"),
        ("my_models:iris()", "package.module:name"),
        ("no_such_module_here:iris", "no module 'no_such_module_here'"),
        ("my_models:irs", "did you mean 'iris'"),
        ("my_models:number", "is a int"),
    ):
        with pytest.raises(InputError, match=word):
            load(reference)
