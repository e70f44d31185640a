"""Questions about a pipeline, and the pipeline that follows from the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args, get_origin, get_type_hints

from redqubit.core import record
from redqubit.killchain.model import KillChain
from redqubit.killchain.system import Attacker, Pipeline, held


@dataclass(frozen=True)
class Question:
    """One question; ``field`` is the path of the answer, or a word of the interview alone."""

    field: str
    text: str
    options: tuple[str, ...] = ()  # without options the answer is a whole number
    default: str = ""


CLASSICAL: Final = "who runs classical computing"
STORE: Final = "who keeps the model"
_ASKED: Final = (
    ("model.family", "What kind of model is it?", "QNN"),
    ("model.encoder", "How are features encoded?", "angle"),
    ("model.qubits", "How many qubits does it use?", ""),
    ("model.shots", "How many shots does a circuit get?", ""),
    ("model.origin", "Who trained it or a part of it?", "own"),
    ("model.published", "Are encoder and ansatz described in public?", "no"),
    ("model.public_code", "Can anyone read the code that builds and runs it?", "no"),
    ("data.sensitivity", "How sensitive are the training data?", "internal"),
    ("data.origin", "Where do the training data come from?", "own"),
    ("data.clipped", "Are features clipped to the training range before encoding?", "no"),
    ("training.where", "Where is the model trained?", "simulator"),
    ("training.federated", "Do several clients train it together?", "no"),
    (CLASSICAL, "Who runs preprocessing, loss and optimizer?", "user"),
    (STORE, "Who keeps the trained model?", "user"),
    ("transpile.by", "Who transpiles the circuits?", "user"),
    ("transpile.plugins", "Do transpiler plugins take part?", "no"),
    ("provider.location", "Where do circuits run?", "cloud"),
    ("provider.hardware", "On what hardware?", "superconducting"),
    ("provider.tenancy", "Who shares the processor?", "time-shared"),
    ("provider.pulse_access", "May users of the processor define pulses?", "no"),
    ("provider.calibration", "Who reports the calibration?", "provider"),
    ("provider.reset", "Is the reset between users verified?", "standard"),
    ("service.queries", "Who can query the served model?", "none"),
    ("service.output", "What does an answer hold?", "label"),
)
_PARTIES: Final = {
    CLASSICAL: ("user", "classical-cloud"),
    STORE: ("user", "classical-cloud", "quantum-cloud"),
}


def questions() -> tuple[Question, ...]:
    """Return the questions in order, with the options that the schema of a pipeline allows."""
    return tuple(Question(field, text, _options(field), word) for field, text, word in _ASKED)


def _options(field: str) -> tuple[str, ...]:
    if field in _PARTIES:
        return _PARTIES[field]
    hint: Any = Pipeline
    for key in field.split("."):
        hint = get_type_hints(hint)[key]
    if hint is bool:
        return ("no", "yes")
    literal = get_origin(hint) is not None and all(isinstance(x, str) for x in get_args(hint))
    return get_args(hint) if literal else ()


def build(name: str, answers: Mapping[str, str], chain: KillChain) -> dict[str, Any]:
    """Return the plain data of a pipeline from answers; unanswered questions keep their default.

    Parties follow from the answers; every actor whose position gives something on this pipeline
    is listed with black-box knowledge and no limit, to be narrowed by the owner.
    """
    data: dict[str, Any] = {"name": name, "components": {}}
    given = {question.field: question.default for question in questions()} | dict(answers)
    for question in questions():
        answer = given[question.field]
        if question.field in _PARTIES or not answer:
            continue
        group, key = question.field.split(".")
        value: Any = int(answer) if not question.options else answer
        data.setdefault(group, {})[key] = answer == "yes" if answer in ("yes", "no") else value
    data["components"] = _components(data, given[CLASSICAL], given[STORE])
    pipeline = record.from_json(Pipeline, data)
    data["actors"] = [
        {"actor": actor.id}
        for actor in chain.actors
        if any(
            start.when.words and start.capability in held(Attacker(actor.id), pipeline, chain)
            for start in actor.starts
        )
    ]
    return data


def _components(data: Mapping[str, Any], classical: str, store: str) -> dict[str, Any]:
    quantum = "quantum-cloud" if data["provider"]["location"] == "cloud" else "user"
    compiler = {
        "user": "user",
        "compiler supplier": "compiler-supplier",
        "quantum cloud": "quantum-cloud",
    }[data["transpile"]["by"]]
    party = {"C1": "data-owner", "C2": classical, "C3": "user", "C4": "user", "C5": compiler}
    party |= dict.fromkeys(("C6", "C7", "C8", "C9", "C10"), quantum)
    party |= {"C11": classical, "C12": classical, "C13": store}
    if data["service"]["queries"] != "none":
        party["C14"] = classical
    if data["training"]["federated"]:
        party["C15"] = classical
    own = ("user", "data-owner")
    return {
        component: {"party": name, "trust": "trusted" if name in own else "honest but curious"}
        for component, name in party.items()
    }
