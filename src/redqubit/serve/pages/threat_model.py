"""The threat model: a form for a pipeline, judged as it is filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import NoneType
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from redqubit.killchain import interview, system
from redqubit.killchain.feasible import Reach, reachable
from redqubit.killchain.model import KillChain
from redqubit.killchain.system import Attacker, Pipeline, Placement
from redqubit.serve.page import Page, Site
from redqubit.serve.pages.paths import SCRIPTS
from redqubit.serve.pipelines import Described

TITLES: Final = {
    "model": "Model",
    "data": "Data",
    "training": "Training",
    "transpile": "Transpiling",
    "provider": "Quantum provider",
    "service": "Service",
}
LABELS: Final = {  # of the fields that an interview does not ask for
    "model.ansatz": "Which ansatz?",
    "model.depth": "How deep is the circuit?",
    "model.two_qubit_gates": "How many two-qubit gates does it have?",
    "model.features": "How many features does it encode?",
    "model.parameters": "How many parameters are trained?",
    "training.distributed": "Does one circuit run over linked processors?",
    "transpile.approximate": "May transpiling change the unitary within a tolerance?",
    "provider.error_mitigation": "Which errors are mitigated in software?",
    "provider.error_correction": "Are qubits corrected for errors?",
    "provider.broker": "Does a broker choose the device?",
    "service.decimals": "To how many decimals are answers rounded?",
    "service.daily_queries": "How many queries may a client send a day?",
    "service.accepts_circuits": "Are circuits or jobs read from outside?",
}
BUDGETS: Final = (
    ("queries", "Queries"),
    ("shots", "Shots"),
    ("money", "Money, USD"),
    ("days", "Work, days"),
)
Kind = Literal["choice", "many", "flag", "number", "text"]


@dataclass(frozen=True)
class Field:
    """A field of the form: its path in the pipeline, question, kind and choices."""

    path: str
    label: str
    kind: Kind
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """An example with what each of its attackers can come to."""

    described: Described
    facts: tuple[tuple[str, str], ...]
    traits: tuple[str, ...]
    reach: tuple[tuple[Attacker, Reach], ...]


def pages(site: Site) -> Iterator[Page]:
    """Yield the page."""
    yield site.html(
        "threat-model.html",
        "threat_model.html",
        "Threat model",
        lambda: _context(site),
        scripts=(*SCRIPTS, "static/threat_model.js"),
    )


def _context(site: Site) -> Mapping[str, Any]:
    kinds = ("prevent", "detect", "respond")
    return {
        "groups": form(),
        "trusts": get_args(get_type_hints(Placement)["trust"]),
        "knowledge": get_args(get_type_hints(Attacker)["knowledge"]),
        "skills": get_args(get_type_hints(Attacker)["skill"]),
        "budgets": BUDGETS,
        "mitigations": [
            (kind, [item for item in site.chain.mitigations if item.kind == kind]) for kind in kinds
        ],
        "examples": [item for item in site.described if item.example],
        "own": site.pipelines,
        "judged": [judge(item, site.chain) for item in site.described if item.example],
        "by_id": site.chain.by_id,
        "words": site.chain.words,
    }


def form() -> tuple[tuple[str, tuple[Field, ...]], ...]:
    """Return the fields of a pipeline that hold a single fact, by group, as its classes say."""
    asked = {question.field: question.text for question in interview.questions()}
    hints = get_type_hints(Pipeline)
    return tuple(
        (
            TITLES[group],
            tuple(
                _field(f"{group}.{name}", hint, asked)
                for name, hint in get_type_hints(hints[group]).items()
            ),
        )
        for group in TITLES
    )


def _field(path: str, hint: Any, asked: Mapping[str, str]) -> Field:
    label = asked.get(path) or LABELS[path]
    if hint is bool:
        return Field(path, label, "flag")
    if get_origin(hint) is Literal:
        return Field(path, label, "choice", get_args(hint))
    if get_origin(hint) is tuple:
        return Field(path, label, "many", get_args(get_args(hint)[0]))
    return Field(path, label, "number" if NoneType in get_args(hint) else "text")


def judge(described: Described, chain: KillChain) -> Judged:
    """Return the facts of an example and what its attackers can run."""
    pipeline = described.pipeline
    present = system.traits(pipeline, chain)
    return Judged(
        described,
        tuple(facts(pipeline)),
        tuple(item.name for item in chain.traits if item.id in present),
        tuple((attacker, reachable(attacker, pipeline, chain)) for attacker in pipeline.actors),
    )


def facts(pipeline: Pipeline) -> Iterator[tuple[str, str]]:
    """Yield what differs from the blank form, as pairs of question and answer."""
    for title, group in form():
        for entry in group:
            part, name = entry.path.split(".")
            value = getattr(getattr(pipeline, part), name)
            blank = next(f.default for f in fields(getattr(pipeline, part)) if f.name == name)
            assert not is_dataclass(value)
            if value != blank:
                told = {True: "yes", False: "no"}.get(value) if isinstance(value, bool) else None
                shown = ", ".join(value) if isinstance(value, tuple) else str(value)
                yield f"{title}: {entry.label}", told or shown
