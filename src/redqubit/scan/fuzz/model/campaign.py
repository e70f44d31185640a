"""Drive the oracles for models through Hypothesis, one batch of rows per example."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from redqubit.core.errors import InputError, missing_extra
from redqubit.core.streams import seed_of, stream
from redqubit.scan.finding import Finding, Hop, Place, Skipped, fingerprint
from redqubit.scan.fuzz.campaign import OUTCOMES, Campaign
from redqubit.scan.fuzz.model import corpus as stores
from redqubit.scan.fuzz.model.corpus import Case
from redqubit.scan.fuzz.model.model import Array, Model
from redqubit.scan.fuzz.model.oracle import Breach, Oracle, Undecided
from redqubit.scan.fuzz.model.oracles import chosen
from redqubit.scan.fuzz.model.shrink import shrink

Progress = Callable[[int, int, float], None]  # rows done, findings, seconds
SEEDS = 2**31


def fuzz_model(
    model: Model,
    oracles: Sequence[str] | None = None,
    *,
    name: str = "model",
    examples: int = 50,
    seconds: float | None = None,
    seed: int = 0,
    batch: int = 4096,
    corpus: Path | None = None,
    progress: Progress | None = None,
) -> Campaign:
    """Check a model against the oracles it declares enough for.

    ``name`` stands as the file of findings; ``examples`` batches are drawn per oracle, in at most
    ``seconds`` for all oracles together, and ``batch`` bounds their rows. Failing rows are made few
    and plain, and kept as JSON in ``corpus``; rows kept by an earlier run are judged first. Oracles
    the model declares too little for are listed as not applicable, which is no incomplete run.

    Raises
    ------
    InputError
        A number is not positive, an oracle is unknown, one asked for by name cannot run, or the
        corpus is a file.
    MissingExtraError
        Hypothesis is not installed.
    """
    if examples < 1 or batch < 1 or seed < 0 or (seconds is not None and not seconds > 0):
        raise InputError(
            f"examples, batch and seconds are positive and seed is not negative, not {examples}, "
            f"{batch}, {seconds} and {seed}"
        )
    if find_spec("hypothesis") is None:
        raise missing_extra("hypothesis", "fuzz", "model fuzzing")
    selected = chosen(None if oracles is None else tuple(oracles))
    ready = [item for item in selected if not item.missing(model)]
    if oracles is not None:
        for item in selected:
            if item.missing(model):
                raise InputError(f"oracle {item.id} cannot run: {item.missing(model)}")
    old, bad = ({}, []) if corpus is None else stores.stored(corpus, model.features)
    begin = time.monotonic()
    findings: list[Finding] = []
    rows = 0
    verdicts = {}
    for number, item in enumerate(ready):
        share = None
        if seconds is not None:
            share = time.monotonic() + max(0.0, begin + seconds - time.monotonic()) / (
                len(ready) - number
            )
        trial = _Trial(item, model, seed, share, batch)
        if item.id in old:
            trial.repeat(old[item.id])
        if trial.breach is None:
            trial.run(examples)
        verdicts[item.id] = trial.verdicts
        rows += trial.rows
        if trial.breach is not None:
            findings.append(_finding(trial, name, corpus))
        if progress is not None:
            progress(rows, len(findings), time.monotonic() - begin)
    return Campaign(
        tuple(findings),
        verdicts,
        rows,
        time.monotonic() - begin,
        seed,
        skipped=tuple(bad),
        not_applicable=tuple(
            Skipped(f"oracle {item.id}", item.missing(model))
            for item in selected
            if item not in ready
        ),
    )


class _Broken(Exception):  # noqa: N818 - how a property tells Hypothesis
    """A relation does not hold."""


class _TimeIsUp(Exception):  # noqa: N818 - how a property stops Hypothesis
    """The oracle's share of the seconds is used up."""


@dataclass
class _Trial:
    """One oracle on one model, with what it found."""

    oracle: Oracle
    model: Model
    seed: int
    until: float | None
    batch: int
    verdicts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    rows: int = 0
    breach: Breach | None = None
    case: Case | None = None

    def repeat(self, case: Case) -> None:
        """Judge rows of an earlier run; if they fail again nothing else has to be drawn."""
        breach = self._judge(case.rows, case.draw, count=True, seed=case.seed)
        if breach is not None:
            self.case, self.breach = case, breach
            self.verdicts["differ"] += 1

    def run(self, examples: int) -> None:
        """Draw batches until one breaks the relation, then make it small."""
        from hypothesis import HealthCheck, Phase, Verbosity, given, settings
        from hypothesis import seed as seeded
        from hypothesis import strategies as st
        from hypothesis.errors import Flaky

        last: list[tuple[int, int]] = []

        def relation(draw: int, rows: int) -> None:
            if self.until is not None and time.monotonic() >= self.until and not last:
                raise _TimeIsUp
            batch = self.oracle.inputs(self.model, rows, self._rng(draw, "rows"))
            if self._judge(batch, draw, count=not last) is not None:
                last[:] = [(draw, rows)]
                raise _Broken

        most = min(self.oracle.rows, self.batch)
        sizes = st.sampled_from(sorted({1, min(3, most), max(1, most // 4), most}))
        draws = st.integers(0, SEEDS)
        checked: Callable[[], None] = seeded(seed_of(self.seed, self.oracle.id))(
            settings(
                max_examples=examples,
                database=None,
                deadline=None,
                phases=(Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
                verbosity=Verbosity.quiet,
                print_blob=False,
                report_multiple_bugs=False,
            )(given(draws, sizes)(relation))
        )
        try:
            checked()
        except _Broken:
            self._settle(*last[0])
        except _TimeIsUp:
            return
        except Flaky:
            self.verdicts["unknown"] += 1

    def _rng(self, draw: int, use: str, seed: int | None = None) -> np.random.Generator:
        return stream(self.seed if seed is None else seed, self.oracle.id, draw, use)

    def _judge(
        self, batch: Array, draw: int, *, count: bool, seed: int | None = None
    ) -> Breach | None:
        """Return the breach on a batch; an error on rows that are valid is one."""
        outcome, breach = "agree", None
        try:
            breach = self.oracle.relation(self.model, batch, self._rng(draw, "choice", seed))
        except Undecided:
            outcome = "unknown"
        except Exception as error:
            text = " ".join(str(error).split())[:200]
            breach = Breach(float("inf"), f"the model raised {type(error).__name__}: {text}")
        if count:
            self.rows += len(batch)
            if breach is None:
                self.verdicts[outcome] += 1
        return breach

    def _settle(self, draw: int, rows: int) -> None:
        """Make the failing batch small, and report it if it fails once more."""
        batch = self.oracle.inputs(self.model, rows, self._rng(draw, "rows"))

        def fails(candidate: Array) -> bool:
            return self._judge(candidate, draw, count=False) is not None

        rows_left = shrink(batch, fails)
        self.case = Case(self.oracle.id, self.seed, draw, rows_left)
        self.breach = self._judge(rows_left, draw, count=False)
        self.verdicts["differ" if self.breach is not None else "unknown"] += 1


def _finding(trial: _Trial, name: str, corpus: Path | None) -> Finding:
    assert trial.breach is not None
    assert trial.case is not None
    oracle, shown = trial.oracle, stores.plain(trial.case.rows)
    place = Place(name, 1)
    if corpus is not None:
        stores.write(corpus, trial.case, trial.breach.detail)
    return Finding(
        oracle.rule,
        oracle.severity,
        f"{oracle.name}: {trial.breach.detail}, on {len(shown)} row{'s' * (len(shown) != 1)}",
        place,
        oracle.advice,
        cwe=oracle.cwe,
        flow=(Hop(place, f"rows: {json.dumps(shown)}"),),
        fingerprint=fingerprint(oracle.rule, name, oracle.name, 0),
    )
