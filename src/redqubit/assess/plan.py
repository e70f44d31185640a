"""From YAML to the jobs of an assessment: pure, hashed, and explicit about what is left out."""

from __future__ import annotations

import contextlib
import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from redqubit import __version__, attacks, defenses, killchain
from redqubit.assess.block import Block, construct
from redqubit.assess.policy import Policy
from redqubit.attacks.access import access, kind
from redqubit.core import record
from redqubit.core.errors import InputError, unknown
from redqubit.killchain import document
from redqubit.models.target import WhiteBox

BUILT_IN = Path(__file__).parent / "data" / "digits.yaml"


JobKind = Literal["baseline", "attack", "certificate"]
Pairs = Literal["mapped", "all"]


@dataclass(frozen=True)
class Subject:
    """What is assessed: the data, how they are prepared, the model, and the seed of it all.

    ``digests`` are the SHA-256 sums of the files that the blocks name: other contents under the
    same name are another subject.
    """

    data: Block
    model: Block
    preprocess: Mapping[str, Any] = field(default_factory=dict)
    train: int | None = None
    test: int | None = None
    seed: int = 0
    digests: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """One unit of work that leaves one evidence record; its id is the digest of its content."""

    kind: JobKind
    subject: Subject
    defense: Block = field(default_factory=lambda: Block("none"))
    attack: Block | None = None
    sweep: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    adaptive: bool = False
    repeat: int = 0

    @property
    def id(self) -> str:
        """Return the digest of content and redqubit's version: it names the job's evidence."""
        return record.digest((__version__, self))

    @property
    def title(self) -> str:
        """Say what the job does, for progress lines and plans."""
        what = self.attack.name if self.attack else self.kind
        against = "" if self.defense.name == "none" else f" against {self.defense.name}"
        return f"{what}{against}{' (adaptive)' if self.adaptive else ''}" + (
            f" #{self.repeat}" if self.repeat else ""
        )


@dataclass(frozen=True)
class LeftOut:
    """A combination that will not run, and why."""

    attack: str
    defense: str
    reason: str


@dataclass(frozen=True)
class Assessment:
    """An assessment file, read and checked.

    ``pairs`` says which attacks meet which defenses: ``mapped`` takes the kill chain's edges from
    mitigation to technique, ``all`` takes every pair. ``repeats`` counts independent seeds.
    """

    name: str
    subject: Subject
    attacks: tuple[tuple[Block, Mapping[str, tuple[float, ...]]], ...]
    defenses: tuple[Block, ...] = ()
    certify: tuple[float, ...] = ()
    policy: Policy = field(default_factory=Policy)
    pairs: Pairs = "mapped"
    repeats: int = 1


@dataclass(frozen=True)
class Plan:
    """Every job in the order it will run, and everything left out with its reason."""

    assessment: Assessment
    jobs: tuple[Job, ...]
    left_out: tuple[LeftOut, ...]


_KEYS = (
    "name",
    "seed",
    "data",
    "train",
    "test",
    "preprocess",
    "model",
    "attacks",
    "defenses",
    "certify",
    "policy",
    "pairs",
    "repeats",
)


def read(path: Path | None = None) -> Assessment:
    """Read an assessment file; without a path, the built-in digits pipeline.

    Raises
    ------
    InputError
        The file is missing or not acceptable to `killchain.document.read` (not YAML, a key twice,
        ...), or holds an unknown key (the near miss is named).
    """
    source = path or BUILT_IN
    made = parse(document.read(source).data, str(source), source.parent)
    subject = replace(made.subject, digests=_digests(made.subject))
    return replace(made, subject=subject)


def _digests(subject: Subject) -> dict[str, str]:
    """Return the digest of each file a subject names; one that cannot be read fails in its job."""
    found = {}
    for part, block in (("data", subject.data), ("model", subject.model)):
        file = block.arguments.get("file")
        if isinstance(file, str) and Path(file).is_file():
            with contextlib.suppress(OSError), open(file, "rb") as handle:
                found[part] = hashlib.file_digest(handle, "sha256").hexdigest()
    return found


def parse(data: Any, where: str = "assessment", folder: Path | None = None) -> Assessment:
    """Check the data of an assessment file and return it as records.

    ``folder`` is where relative paths in the ``data`` and ``model`` blocks start.
    """
    if not isinstance(data, Mapping):
        raise InputError(f"{where} must be a mapping with the keys {', '.join(_KEYS)}")
    for key in data:
        if key not in _KEYS:
            raise unknown(f"key in {where}", str(key), _KEYS)
    for key in ("data", "model"):
        if key not in data:
            raise InputError(f"{where} lacks the key {key!r}")

    def number(key: str, default: Any, low: int) -> Any:
        given = data.get(key)
        value = default if given is None else record.convert(int, given, f"{where}: {key}")
        if value is not None and value < low:
            raise InputError(f"{where}: {key} must be at least {low}, got {value}")
        return value

    subject = Subject(
        data=_located(Block.of(data["data"], f"{where}: data"), folder),
        model=_located(Block.of(data["model"], f"{where}: model"), folder),
        preprocess=record.convert(
            Mapping[str, Any], data.get("preprocess") or {}, f"{where}: preprocess"
        ),
        train=number("train", None, 2),
        test=number("test", None, 1),
        seed=number("seed", 0, 0),
    )
    attacks = [
        _attack(item, f"{where}: attacks[{i}]")
        for i, item in enumerate(_items(data.get("attacks"), f"{where}: attacks"))
    ]
    defenses = [
        Block.of(item, f"{where}: defenses[{i}]")
        for i, item in enumerate(_items(data.get("defenses"), f"{where}: defenses"))
    ]
    certify = data.get("certify") or ()
    return Assessment(
        name=record.convert(str, data.get("name", "assessment"), f"{where}: name"),
        subject=subject,
        attacks=tuple(attacks),
        defenses=tuple(defenses),
        certify=_grid(certify, f"{where}: certify") if certify else (),
        policy=record.from_json(Policy, data.get("policy") or {}, f"{where}: policy"),
        pairs=record.convert(Pairs, data.get("pairs", "mapped"), f"{where}: pairs"),
        repeats=number("repeats", 1, 1),
    )


def _items(data: Any, where: str) -> list[Any]:
    if data is None:
        return []
    if not isinstance(data, list):
        raise InputError(f"{where} must be a list, got {type(data).__name__}")
    return data


def _grid(data: Any, where: str) -> tuple[float, ...]:
    values: tuple[float, ...] = record.convert(tuple[float, ...], data, where)
    if not values or any(not value >= 0 for value in values) or list(values) != sorted(set(values)):
        raise InputError(f"{where} must rise and hold numbers >= 0, got {list(values)}")
    return values


def _attack(item: Any, where: str) -> tuple[Block, Mapping[str, tuple[float, ...]]]:
    block = Block.of(item, where)
    arguments = dict(block.arguments)
    sweep = arguments.pop("sweep", {})
    if not isinstance(sweep, Mapping) or len(sweep) > 1:
        raise InputError(f"{where}: sweep must name one parameter with its values, got {sweep!r}")
    return Block(block.name, arguments), {
        str(key): _grid(values, f"{where}: sweep.{key}") for key, values in sweep.items()
    }


def _located(block: Block, folder: Path | None) -> Block:
    """Resolve a relative ``file`` argument against the folder of the assessment file."""
    file = block.arguments.get("file")
    if folder is None or not isinstance(file, str):
        return block
    return Block(block.name, {**block.arguments, "file": str(folder / file)})


def plan(assessment: Assessment) -> Plan:
    """Lay out the jobs of an assessment; computes nothing and touches no file.

    Every technique named is looked up and its parameters are checked, so a plan that comes back
    will not fail on a misspelled name.

    Raises
    ------
    InputError
        An attack or defense that does not exist, or a parameter it does not have.
    """
    subject = assessment.subject
    left_out: list[LeftOut] = []
    for name, times in Counter(block.name for block in assessment.defenses).items():
        if times > 1:
            raise InputError(
                f"defense {name} is listed {times} times, and evidence tells defenses apart by "
                "name; assess each setting with a file and a folder of its own"
            )
    jobs = [Job("baseline", subject, defense) for defense in (Block("none"), *assessment.defenses)]
    built_defenses = [
        (
            block,
            construct(
                defenses.by_name(block.name),
                block.arguments,
                f"defense {block.name}",
                defenses.by_name,
            ),
        )
        for block in assessment.defenses
    ]
    for block, sweep in assessment.attacks:
        attack = construct(
            attacks.by_name(block.name), block.arguments, f"attack {block.name}", attacks.by_name
        )
        for key in sweep:
            if not hasattr(attack, key):
                raise unknown(
                    f"sweep parameter of attack {block.name}", key, block.arguments or vars(attack)
                )
            if kind(attack) == "evasion" and key != "radius":
                raise InputError(
                    f"attack {block.name} can sweep its radius only, got {key!r}; list the attack "
                    f"once for each {key}"
                )
        for repeat in range(assessment.repeats):
            jobs.append(Job("attack", subject, attack=block, sweep=sweep, repeat=repeat))
            for defense_block, defense in built_defenses:
                reason = _unmapped(assessment.pairs, attack.technique, defense.mitigation)
                if reason:
                    if repeat == 0:
                        left_out.append(LeftOut(block.name, defense_block.name, reason))
                    continue
                # curves of defended models cost much and say little but for white-box attacks
                shown = sweep if issubclass(access(attack), WhiteBox) else {}
                jobs.extend(
                    Job("attack", subject, defense_block, block, shown, adaptive, repeat)
                    for adaptive in _views(attack)
                )
    if assessment.certify:
        jobs.extend(
            Job("certificate", subject, defense, sweep={"radius": assessment.certify})
            for defense in (Block("none"), *assessment.defenses)
        )
    unique = {job.id: job for job in jobs}  # what a file lists twice runs once
    return Plan(assessment, tuple(unique.values()), tuple(left_out))


def _views(attack: Any) -> tuple[bool, ...]:
    """Return how an attack meets a defense: without and with knowledge of it.

    A black-box attack sees the same service either way, so it runs once, as the one that knows.
    """
    if issubclass(access(attack), WhiteBox) or callable(getattr(attack, "adapted", None)):
        return (False, True)
    return (True,)


def _unmapped(pairs: Pairs, technique: str, mitigation: str) -> str:
    """Return why an attack does not meet a defense, or an empty string where it does."""
    if pairs == "all":
        return ""
    if killchain.mitigates(mitigation, technique):
        return ""
    return (
        f"the kill chain has no edge from {mitigation} to {technique}; "
        "set 'pairs: all' to run it all the same"
    )
