"""A payload campaign: generate, run in workers, judge, confirm, shrink, keep."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from redqubit.core.errors import InputError
from redqubit.scan.finding import Finding, Skipped, rank
from redqubit.scan.fuzz.campaign import Campaign
from redqubit.scan.fuzz.payload import corpus as stores
from redqubit.scan.fuzz.payload.bombs import bomb
from redqubit.scan.fuzz.payload.judge import AGREEMENT, AMPLIFICATION, CRASH, Issue, finding, judge
from redqubit.scan.fuzz.payload.mutators import mutate_json, mutate_qpy, mutate_text
from redqubit.scan.fuzz.payload.outcome import ENDINGS, Outcome
from redqubit.scan.fuzz.payload.seeds import seed_payload
from redqubit.scan.fuzz.payload.shrink import shrink
from redqubit.scan.fuzz.payload.targets import Kind, Target
from redqubit.scan.fuzz.payload.worker import Bounds, Worker, WorkerError

BATCH: Final = 16
LONGEST: Final = 64_000  # bytes of a mutated payload
POOL: Final = 500  # inputs of a kind to mutate from
HUNT: Final = 0.8  # share of the time before the payloads of findings are made small
SLOW: Final = 0.3  # share of the time that may go to payloads that run into the time limit
NOTES: Final = 50  # disagreements reported
ORACLES: Final = {AGREEMENT: "M08", CRASH: "M23", AMPLIFICATION: "M24"}
_MUTATE: Final = {
    "qasm2": mutate_text,
    "qasm3": mutate_text,
    "qpy": mutate_qpy,
    "json": mutate_json,
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign is: ``cases`` payloads run in parsers, after ``seconds``."""

    cases: int
    seconds: float
    findings: int


@dataclass(frozen=True, slots=True)
class PayloadCampaign(Campaign):
    """A campaign over parsers; ``cases`` counts runs of a parser in a forked child.

    ``endings`` counts outcomes by parser and `Ending`, runs that confirm and shrink included.
    """

    endings: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def fuzz_payloads(
    targets: Sequence[Target],
    *,
    seconds: float,
    seed: int,
    corpus: Path | None = None,
    progress: Callable[[Progress], None] | None = None,
    bounds: Bounds | None = None,
) -> PayloadCampaign:
    """Fuzz parsers for ``seconds`` and return what was found.

    Parameters
    ----------
    targets
        Parsers, from `targets.choose`.
    seconds
        Time to spend, with the imports of the parsers left out; confirming and shrinking the
        last finding may take a little longer.
    seed
        Where payloads derive from; with the same corpus folder a campaign goes on where it ended.
    corpus
        Folder for inputs and findings; None keeps nothing.
    progress
        Called after every batch.

    Raises
    ------
    InputError
        A parser is not installed, the system cannot fork, an argument is out of range, or the
        corpus belongs to another seed.
    """
    if not targets:
        raise InputError("no parser to fuzz: name one, or install one such as qiskit")
    if not seconds > 0 or seed < 0:
        raise InputError(f"seconds is positive and seed at least 0, not {seconds} and {seed}")
    store = stores.Corpus(corpus)
    index = store.start(seed)
    with ExitStack() as stack:
        run = _Run(store, seed, progress)
        starting = [stack.enter_context(Worker(target, bounds or Bounds())) for target in targets]
        run.admit_workers(starting)
        if run.workers:
            index = run.spend(seconds, index)
            run.shrink()
    store.save(seed, index)
    return run.close(index)


class _Run:
    """The state of one campaign."""

    def __init__(
        self, store: stores.Corpus, seed: int, progress: Callable[[Progress], None] | None
    ) -> None:
        self.store, self.seed, self.progress = store, seed, progress
        self.workers: dict[Kind, list[Worker]] = {}
        self.pool: dict[Kind, list[bytes]] = {}
        self.slow = 0.0
        self.signatures: set[tuple[str, ...]] = set()
        self.found: dict[str, Finding] = {}
        self.evidence: dict[str, tuple[Kind, bytes, Issue]] = {}
        self.seen: Counter[str] = Counter()
        self.skipped: list[Skipped] = []
        self.endings: dict[str, dict[str, int]] = {}
        self.verdicts = {
            oracle: dict.fromkeys(("agree", "differ", "unknown"), 0) for oracle in ORACLES.values()
        }
        self.cases = 0
        self.begun = self.deadline = time.monotonic()

    def admit_workers(self, starting: Sequence[Worker]) -> None:
        """Wait for every nursery; one that cannot import its parser is skipped by name."""
        for worker in starting:
            try:
                worker.ready()
            except WorkerError as error:
                self.skipped.append(Skipped(worker.target.name, str(error)))
                continue
            self.workers.setdefault(worker.target.kind, []).append(worker)
            self.endings[worker.target.name] = dict.fromkeys(ENDINGS, 0)
        self.pool = {kind: [] for kind in self.workers}

    def spend(self, seconds: float, index: int) -> int:
        """Run batches until the time is up and return the next case."""
        self.begun = time.monotonic()
        self.deadline = self.begun + seconds
        for part in ("findings", "inputs"):
            stored, bad = self.store.stored(part)
            self.skipped += bad
            for kind in self.workers:
                payloads = [payload for of, payload in stored if of == kind]
                for some in _chunks(payloads):
                    self._batch(kind, some)
        spent = dict.fromkeys(sorted(self.workers), 0.0)
        while True:
            kind = min(spent, key=spent.__getitem__)  # every kind gets the same time
            before = time.monotonic()
            self._batch(kind, [self._make(kind, index + i) for i in range(BATCH)])
            spent[kind] += time.monotonic() - before
            index += BATCH
            self.store.save(self.seed, index)
            if time.monotonic() - self.begun >= HUNT * seconds:
                return index

    def close(self, index: int) -> PayloadCampaign:
        """Return the record of the campaign."""
        return PayloadCampaign(
            findings=tuple(self.found.values()),
            verdicts=self.verdicts,
            cases=self.cases,
            seconds=time.monotonic() - self.begun,
            seed=self.seed,
            next=index,
            skipped=tuple(self.skipped),
            endings=self.endings,
        )

    def _make(self, kind: Kind, index: int) -> bytes:
        """Return case ``index``: a bomb, a fresh valid payload, or a mutated one."""
        rng = random.Random(f"{self.seed}:{kind}:{index}")
        choice = rng.random()
        if choice < 0.15 and self.slow <= SLOW * (time.monotonic() - self.begun):
            return bomb(kind, rng)
        pool = self.pool[kind]
        payload = rng.choice(pool) if pool and choice > 0.4 else seed_payload(kind, rng)
        if choice < 0.2:
            return payload
        other = rng.choice(pool) if pool else b""
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            payload = _MUTATE[kind](payload, rng, other)[:LONGEST]
        return payload

    def _batch(self, kind: Kind, payloads: Sequence[bytes]) -> None:
        workers = self.workers[kind]
        for worker in workers:
            worker.submit(payloads)
        columns = [worker.collect() for worker in workers]
        for payload, outcomes in zip(payloads, zip(*columns, strict=True), strict=True):
            results = [
                (worker.target, outcome) for worker, outcome in zip(workers, outcomes, strict=True)
            ]
            self._count(results)
            self._learn(kind, payload, outcomes)
            self._judge(kind, payload, results)
        if self.progress is not None:
            spent = time.monotonic() - self.begun
            self.progress(Progress(self.cases, spent, len(self.found)))

    def _count(self, results: Sequence[tuple[Target, Outcome]]) -> None:
        self.cases += len(results)
        for target, outcome in results:
            self.endings[target.name][outcome.ending] += 1

    def _learn(self, kind: Kind, payload: bytes, outcomes: Sequence[Outcome]) -> None:
        """Keep a payload on which the parsers end as they never did before."""
        signature = (kind, *(outcome.bucket for outcome in outcomes))
        slow = sum(outcome.seconds for outcome in outcomes if outcome.ending == "hang")
        self.slow += slow
        if signature in self.signatures or slow or len(payload) > LONGEST:
            return
        self.signatures.add(signature)
        if len(self.pool[kind]) < POOL:
            self.pool[kind].append(payload)
            self.store.keep(kind, payload)

    def _judge(self, kind: Kind, payload: bytes, results: Sequence[tuple[Target, Outcome]]) -> None:
        issues = judge(kind, payload, results)
        broken = {issue.rule for issue in issues}
        compared = sum(target.votes for target, _ in results) > 1
        for rule, oracle in ORACLES.items():
            if rule not in broken and (rule != AGREEMENT or compared):
                self.verdicts[oracle]["agree"] += 1
        for issue in issues:
            self.seen[issue.key] += 1
            tally = self.verdicts[ORACLES[issue.rule]]
            full = issue.rule == AGREEMENT and self._notes() >= NOTES
            if issue.key in self.found or full:
                tally["differ"] += 1
            elif self.seen[issue.key] <= 3:
                tally[self._report(kind, payload, issue)] += 1
            else:
                tally["unknown"] += 1

    def _notes(self) -> int:
        return sum(one.rule == AGREEMENT for one in self.found.values())

    def _report(self, kind: Kind, payload: bytes, issue: Issue) -> str:
        """Keep an issue that shows again in fresh children."""
        if self._again(kind, payload, issue) is None:
            return "unknown"
        self._found(kind, payload, issue)
        return "differ"

    def _found(self, kind: Kind, payload: bytes, issue: Issue) -> None:
        self.evidence[issue.key] = (kind, payload, issue)
        self.found[issue.key] = finding(
            issue, kind, payload, stores.name(issue.rule, kind, payload)
        )

    def shrink(self) -> None:
        """Make the payloads of findings small, the most severe first, and store them."""
        left = sorted(self.evidence.values(), key=lambda one: -rank(one[2].severity))
        for position, (kind, payload, issue) in enumerate(left):
            share = (self.deadline - time.monotonic()) / (len(left) - position)
            if share > 0.05:
                self._shrink(kind, payload, issue, min(2 * share, 15.0))
        for kind, payload, issue in self.evidence.values():
            self.store.report(issue.rule, kind, payload)

    def _shrink(self, kind: Kind, payload: bytes, issue: Issue, seconds: float) -> None:
        small = shrink(
            payload,
            kind,
            lambda candidate: self._again(kind, candidate, issue) is not None,
            seconds=seconds,
        )
        shown = self._again(kind, small, issue) if small != payload else None
        if shown is not None:
            del self.evidence[issue.key], self.found[issue.key]
            if shown.key not in self.found:
                self._found(kind, small, shown)

    def _again(self, kind: Kind, payload: bytes, issue: Issue) -> Issue | None:
        """Return the issue as ``payload`` alone shows it, or None."""
        workers = [worker for worker in self.workers[kind] if worker.target in issue.targets]
        results = [(worker.target, worker.run([payload])[0]) for worker in workers]
        self._count(results)
        issues = judge(kind, payload, results)
        same = (one for one in issues if (one.rule, one.group) == (issue.rule, issue.group))
        return next(same, None)


def _chunks(payloads: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(payloads), BATCH):
        yield payloads[start : start + BATCH]
