"""Runs one job: builds its victim, hands it to the experiment, and signs the evidence."""

from __future__ import annotations

import contextlib
import functools
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from redqubit import attacks, circuits, defenses
from redqubit.assess import baseline, certificate, experiment
from redqubit.assess.block import Block, call, construct
from redqubit.assess.plan import Job, Subject
from redqubit.assess.provenance import provenance
from redqubit.attacks.access import kind
from redqubit.core import record
from redqubit.core.budget import Cost
from redqubit.core.errors import InputError, RedqubitError, unknown
from redqubit.core.evidence import Evidence, Kind, Provenance, Status
from redqubit.core.streams import seed_of
from redqubit.models import datasets
from redqubit.models.file import load
from redqubit.models.kernel import QSVM
from redqubit.models.preprocess import Preprocess
from redqubit.models.qnn import QNN
from redqubit.models.split import Split, split
from redqubit.models.victim import Victim

MODELS = ("qnn", "qsvm", "file")


def execute(job: Job) -> Evidence:
    """Run one job and return its evidence; what cannot run or fails is evidence with a reason.

    Everything runs on one thread: the same sums on any number of workers, and workers that do not
    wait for each other.
    """
    blank = skeleton(job, "measured", "")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            return _measured(job, blank)
    except RedqubitError as error:
        return replace(blank, status="not run", reason=str(error))
    except Exception as error:  # one broken job must not end the others
        return replace(blank, status="failed", reason=f"{type(error).__name__}: {error}")
    finally:
        torch.set_num_threads(before)


def _measured(job: Job, blank: Evidence) -> Evidence:
    started = time.perf_counter()
    victim = defended(job.subject, job.defense)
    _rewind(victim)
    if job.attack is not None:
        return _attacked(job, job.attack, victim, blank)
    if job.kind == "certificate":
        measured = certificate.measure(victim, job.sweep["radius"])
    else:
        measured = baseline.measure(victim)
    cost = replace(measured.pop("cost", Cost()), seconds=time.perf_counter() - started)
    return replace(blank, cost=cost, **measured)


def _attacked(job: Job, block: Block, victim: Victim, blank: Evidence) -> Evidence:
    seed = seed_of(job.subject.seed, "repeat", job.repeat) if job.repeat else job.subject.seed
    attack = construct(
        attacks.by_name(block.name), block.arguments, f"attack {block.name}", attacks.by_name
    )
    measured = experiment.run(attack, victim, seed=seed, sweep=job.sweep, adaptive=job.adaptive)
    signed = replace(blank.provenance, seed=seed)
    return replace(
        measured,
        id=blank.id,
        defense=blank.defense,
        mitigation=blank.mitigation,
        defense_parameters=blank.defense_parameters,
        repeat=job.repeat,
        provenance=signed,
    )


def _rewind(victim: Victim) -> None:
    """Let a model with shots draw as if it had never answered.

    It draws anew in every call, and other jobs of this process have asked it before: which ones
    depends on the number of workers and on where a run was resumed.
    """
    for model in (victim.model, victim.adaptive):
        part: Any = model
        while part is not None:
            vars(part).pop("_calls", None)
            part = vars(part).get("base")


def prepare(subject: Subject) -> Victim:
    """Load the data, prepare them, and train (or load) the model of a subject.

    Raises
    ------
    InputError
        An unknown name or parameter (the near miss is named), a file that cannot be read, a shape
        that does not fit.
    """
    return _prepared(record.canonical(subject))


def defended(subject: Subject, defense: Block) -> Victim:
    """Return the subject's victim with a defense applied; each process trains it once."""
    return _defended(record.canonical(subject), record.canonical(defense))


@functools.lru_cache(maxsize=4)
def _prepared(subject_text: str) -> Victim:
    subject = record.from_json(Subject, json.loads(subject_text))
    data = _data(subject)
    if subject.model.name == "file":
        model = load(Path(str(subject.model.arguments.get("file", ""))))
        return Victim(model, data, FixedModel(), name=subject.model.name)
    return Victim.train(_estimator(subject.model), data, subject.seed, name=subject.model.name)


@functools.lru_cache(maxsize=16)
def _defended(subject_text: str, defense_text: str) -> Victim:
    victim = _prepared(subject_text)
    block = record.from_json(Block, json.loads(defense_text))
    defense = construct(
        defenses.by_name(block.name), block.arguments, f"defense {block.name}", defenses.by_name
    )
    subject = record.from_json(Subject, json.loads(subject_text))
    made: Victim = defense.apply(victim, seed_of(subject.seed, "defense", block.name))
    return made


class FixedModel:
    """The recipe of a model that came as a file: it cannot be trained again."""

    def fit(self, X: Any, y: Any, seed: int) -> Any:  # noqa: ARG002 -- a recipe is called so
        """Refuse to train."""
        raise InputError(
            "this model came as a file without its training recipe, so attacks on training cannot "
            "be measured on it; describe the model in the assessment file instead"
        )


def _data(subject: Subject) -> Split:
    arguments = dict(subject.data.arguments)
    name = subject.data.name
    if name == "file":
        name = str(arguments.pop("file", ""))
    X, y = call(datasets.load, {"name": name, **arguments}, f"data set {name}")
    preprocess = call(Preprocess, subject.preprocess, "preprocess")
    sizes = {
        key: value
        for key, value in (("train", subject.train), ("test", subject.test))
        if value is not None
    }
    return split(X, y, preprocess, seed=subject.seed, name=name, **sizes)


def _estimator(block: Block) -> Any:
    arguments: dict[str, Any] = dict(block.arguments)
    for part, choose in (("encoder", circuits.encoder), ("ansatz", circuits.ansatz)):
        if part in arguments:
            chosen = Block.of(arguments[part], f"model.{part}")
            arguments[part] = call(choose(chosen.name), chosen.arguments, f"{part} {chosen.name}")
    if block.name == "qnn":
        return call(QNN, arguments, "model qnn")
    if block.name == "qsvm":
        return call(QSVM, arguments, "model qsvm")
    raise unknown("model", block.name, MODELS)


def skeleton(job: Job, status: Status, reason: str) -> Evidence:
    """Return evidence that holds what is known of a job before it is measured."""
    technique, mitigation = "", ""
    what: Kind = "baseline" if job.kind == "attack" else job.kind
    with contextlib.suppress(InputError):
        mitigation = defenses.by_name(job.defense.name).mitigation
    if job.attack is not None:
        cls = attacks.by_name(job.attack.name)
        technique, what = cls.technique, kind(cls)
    return Evidence(
        id=job.id,
        kind=what,
        technique=technique,
        attack=job.attack.name if job.attack else "",
        status=status,
        provenance=_signed(job.subject),
        mitigation=mitigation,
        defense=job.defense.name,
        repeat=job.repeat,
        parameters=job.attack.arguments if job.attack else {},
        defense_parameters=job.defense.arguments,
        reason=reason,
    )


def _signed(subject: Subject) -> Provenance:
    data = f"{_called(subject.data.name, subject.data.arguments)}"
    if subject.preprocess:
        data += f", {_called('preprocess', subject.preprocess)}"
    model = _called(subject.model.name, subject.model.arguments)
    if subject.model.name == "file":
        model += ", trained elsewhere: test samples may be among those it was trained on"
    return provenance(subject.seed, data, model)


def _called(name: str, arguments: Mapping[str, Any]) -> str:
    """Spell a block as the call it stands for, without the paths of files."""
    parts = []
    for key, value in arguments.items():
        if isinstance(value, Mapping) and "name" in value:
            inner = {other: value[other] for other in value if other != "name"}
            parts.append(f"{key}={_called(str(value['name']), inner)}")
        elif key == "file":
            parts.append(f"{key}={Path(str(value)).name}")
        else:
            parts.append(f"{key}={value}")
    return f"{name}({', '.join(parts)})"


def self_test() -> tuple[bool, str]:
    """Compare the engine with Qiskit's state vector on one small circuit."""
    from qiskit.quantum_info import SparsePauliOp, Statevector

    from redqubit import engine

    circuit = circuits.join(circuits.angle(3), circuits.strongly_entangling(3, layers=2))
    features, weights = circuits.features(circuit), circuits.weights(circuit)
    labels = ["IIZ", "IZI", "ZII"]
    program = engine.compile(circuit, labels, features, weights, dtype="complex128")
    rng = np.random.default_rng(0)
    x, w = rng.uniform(0, np.pi, len(features)), rng.uniform(0, 2 * np.pi, len(weights))
    got = program(torch.as_tensor(x[None]), torch.as_tensor(w)).detach().numpy()[0]
    bound = circuit.assign_parameters(dict(zip([*features, *weights], [*x, *w], strict=True)))
    state = Statevector(bound)
    want = [state.expectation_value(SparsePauliOp(label)).real for label in labels]
    error = float(np.abs(got - np.array(want)).max())
    return error < 1e-10, f"engine against Qiskit's state vector: largest error {error:.1e}"
