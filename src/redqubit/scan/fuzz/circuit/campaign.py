"""Run oracles over random circuits until the time, or the number of circuits, is used up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from redqubit.core.errors import InputError
from redqubit.scan.finding import Finding, Hop, Place, Skipped, fingerprint
from redqubit.scan.fuzz.campaign import OUTCOMES, Campaign
from redqubit.scan.fuzz.circuit import corpus as stores
from redqubit.scan.fuzz.circuit.bench import Bench, Compile, Simulate
from redqubit.scan.fuzz.circuit.frameworks import available
from redqubit.scan.fuzz.circuit.generator import STANDARD, generate, profile
from redqubit.scan.fuzz.circuit.oracle import Oracle
from redqubit.scan.fuzz.circuit.oracles import ALL, chosen
from redqubit.scan.fuzz.circuit.shrink import shrink
from redqubit.scan.fuzz.circuit.subject import Subject
from redqubit.scan.fuzz.circuit.verdict import Verdict

Progress = Callable[[int, int, float], None]  # circuits done, findings, seconds
SAVE_SECONDS = 5.0
KEPT = 5  # findings kept per oracle; the rest is counted


def fuzz_circuits(
    oracles: Sequence[str] | None = None,
    *,
    seconds: float | None = None,
    circuits: int | None = None,
    seed: int = 0,
    corpus: Path | None = None,
    progress: Progress | None = None,
    passes: Any = None,
    simulators: Mapping[str, Simulate] | None = None,
    profiles: Sequence[str] = STANDARD,
    qubits: int = 4,
    depth: int = 6,
    fault: Compile | None = None,
) -> Campaign:
    """Check random circuits against oracles and return findings with minimal circuits.

    ``passes`` is a user's compiler in place of Qiskit's levels, ``simulators`` are a user's models
    for M03. Failing circuits of an earlier run in ``corpus`` come first, then the campaign goes on
    where it stopped. ``seconds`` bounds the time of all circuits, not of one; ``fault`` is the seam
    of the self-test. A difference is reported when it comes again in a second check.

    Raises
    ------
    InputError
        Neither ``seconds`` nor ``circuits`` is given, a number is negative, an oracle or profile is
        unknown, or the corpus belongs to another seed.
    MissingExtraError
        Qiskit is not installed.
    """
    _checked(seconds, circuits, seed, profiles)
    selected = chosen(None if oracles is None else tuple(oracles))
    ready = [item for item in selected if all(map(available, item.needs))]
    skipped = [_unready(item) for item in selected if item not in ready]
    bench = Bench(passes, dict(simulators or {}), fault)
    run = _Run(bench, None if corpus is None else stores.Corpus(corpus))
    begin = time.monotonic()
    start = 0 if run.store is None else run.store.state.start(seed)
    if run.store is not None:
        old, bad = run.store.stored()
        skipped += bad
        for case in old:
            run.check([item for item in ready if item.id == case.oracle], case.subject)
    index, saved = start, begin
    while circuits is None or index < start + circuits:
        now = time.monotonic()
        if seconds is not None and now - begin >= seconds:
            break
        subject = generate(seed, index, profiles=tuple(profiles), qubits=qubits, depth=depth)
        run.check(ready, subject)
        index += 1
        if progress is not None:
            progress(index - start, len(run.findings), time.monotonic() - begin)
        if run.store is not None and now - saved >= SAVE_SECONDS:
            run.store.state.save(seed, index)
            saved = now
    if run.store is not None:
        run.store.state.save(seed, index)
    return Campaign(
        tuple(run.findings.values()),
        {item.id: run.verdicts[item.id] for item in ready},
        index - start,
        time.monotonic() - begin,
        seed,
        index,
        tuple(skipped),
    )


class _Run:
    """The state of a campaign: what was found and how often each oracle said what."""

    def __init__(self, bench: Bench, store: stores.Corpus | None) -> None:
        self.bench, self.store = bench, store
        self.findings: dict[str, Finding] = {}
        self.verdicts = {item.id: dict.fromkeys(OUTCOMES, 0) for item in ALL}

    def check(self, oracles: Iterable[Oracle], subject: Subject) -> None:
        """Judge one circuit by every oracle; a difference has to come twice."""
        for oracle in oracles:
            verdict = oracle.check(subject, self.bench)
            if (
                verdict.outcome == "differ"
                and oracle.check(subject, self.bench).outcome != "differ"
            ):
                verdict = Verdict("unknown", verdict.distance, f"not repeated: {verdict.detail}")
            tally = self.verdicts[oracle.id]
            tally[verdict.outcome] += 1
            if verdict.outcome == "differ" and tally["differ"] <= KEPT:
                self._report(oracle, subject)

    def _report(self, oracle: Oracle, subject: Subject) -> None:
        small = shrink(subject, lambda case: oracle.check(case, self.bench).outcome == "differ")
        verdict = oracle.check(small, self.bench)
        file = stores.name(oracle.id, small)
        if self.store is not None:
            self.store.add(oracle.id, small, verdict.detail)
        found = finding(oracle, small, verdict, file)
        self.findings.setdefault(found.fingerprint, found)


def finding(oracle: Oracle, subject: Subject, verdict: Verdict, file: str) -> Finding:
    """Return the finding about a minimal circuit; its OpenQASM text is the evidence."""
    place = Place(file, 1)
    message = (
        f"{oracle.name}: {verdict.detail}, on a circuit of {subject.qubits} qubits and "
        f"{len(subject.gates)} gates"
    )
    return Finding(
        oracle.rule,
        oracle.severity,
        message,
        place,
        oracle.advice,
        cwe=(682,),
        flow=(Hop(place, " ".join(subject.openqasm.split())),),
        fingerprint=fingerprint(oracle.rule, file, subject.openqasm, 0),
    )


def _unready(oracle: Oracle) -> Skipped:
    missing = ", ".join(name for name in oracle.needs if not available(name))
    return Skipped(f"oracle {oracle.id}", f"needs {missing}: pip install 'redqubit[fuzz]'")


def _checked(
    seconds: float | None, circuits: int | None, seed: int, profiles: Sequence[str]
) -> None:
    if seconds is None and circuits is None:
        raise InputError("give seconds, circuits or both, so that the campaign ends")
    if (seconds is not None and not seconds > 0) or (circuits is not None and circuits < 1):
        raise InputError(f"seconds and circuits are positive, not {seconds} and {circuits}")
    if seed < 0:
        raise InputError(f"seed is a whole number of at least 0, not {seed}")
    if not profiles:
        raise InputError("give at least one profile")
    for name in profiles:
        profile(name)
