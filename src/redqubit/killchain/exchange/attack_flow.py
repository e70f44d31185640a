"""Cases and paths as Attack Flow 2.0, and published flows of others as ordered steps.

Source: extension 2.0.0 of STIX 2.1 by the Center for Threat-Informed Defense. Ids are UUIDv5 and
times the day of the edition; techniques, tactics and the identity have the ids of our STIX bundle,
so that flow and bundle load together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, Literal

from redqubit.killchain.document import Document
from redqubit.killchain.exchange import imported
from redqubit.killchain.exchange.fields import Fields, Known, Notes
from redqubit.killchain.exchange.stix_bundle import SOURCE, identifier, pruned
from redqubit.killchain.exchange.text import as_json
from redqubit.killchain.model import Case, KillChain, Source, Technique
from redqubit.killchain.path import Path

EXTENSION: Final = "extension-definition--fb9c968a-745b-4ade-9b25-c324172197f4"
CREATOR: Final = "identity--d673f8cb-c168-42da-8ed4-0cb26725f86c"
SCHEMA: Final = (
    "https://center-for-threat-informed-defense.github.io/attack-flow/stix/"
    "attack-flow-schema-2.0.0.json"
)
MADE: Final = "2022-08-02T19:34:35.143Z"  # the extension, by its authors
SCOPES: Final = (
    "incident",
    "campaign",
    "threat-actor",
    "malware",
    "emulation-plan",
    "attack-tree",
    "other",
)
_SCOPE: Final = {"published": "other", "composed": "attack-tree", "executed": "emulation-plan"}
_HELD: Final = {"attack-action", "attack-condition", "attack-operator"}
_PASSED: Final = {"attack-flow", "attack-asset", "extension-definition", "identity"}

Kind = Literal["action", "condition", "AND", "OR"]


def write(chain: KillChain, subject: Case | Path) -> str:
    """Return a case or a path as the STIX bundle of an attack flow.

    The steps of a case follow one another. In a path a step follows those whose capabilities it
    uses, through an AND operator where there are several; what is held before the first step and
    the goal are conditions.
    """
    flow = _Flow(chain, _key(subject))
    objects = flow.case(subject) if isinstance(subject, Case) else flow.path(subject)
    text = json.dumps(objects, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return as_json({"type": "bundle", "id": identifier("bundle", digest), "objects": objects})


def _key(subject: Case | Path) -> str:
    if isinstance(subject, Case):
        return subject.id
    return f"{subject.goal}:{','.join(step.technique for step in subject.steps)}"


class _Flow:
    def __init__(self, chain: KillChain, key: str) -> None:
        self.chain, self.key = chain, key
        self.time = f"{imported.day(chain.edition)}T00:00:00.000Z"
        self.identity = identifier("identity", SOURCE)
        self.assets: dict[str, dict[str, Any]] = {}

    def object(self, kind: str, part: str, **more: Any) -> dict[str, Any]:
        made = {
            "type": kind,
            "spec_version": "2.1",
            "id": identifier(kind, f"{self.key}:{part}"),
            "created_by_ref": self.identity,
            "created": self.time,
            "modified": self.time,
            **more,
            "extensions": {EXTENSION: {"extension_type": "new-sdo"}},
        }
        kept: dict[str, Any] = pruned(made)
        return kept

    def bundle(self, flow: dict[str, Any], objects: Sequence[dict[str, Any]]) -> list[Any]:
        """Return all objects: the extension, who made it and us, the flow and its parts."""
        ours = {
            "type": "identity",
            "spec_version": "2.1",
            "id": self.identity,
            "created": self.time,
            "modified": self.time,
            "name": SOURCE,
            "identity_class": "organization",
        }
        return [*_extension(), ours, flow, *objects, *self.assets.values()]

    def action(self, part: str, technique: str, tactic: str, text: str) -> dict[str, Any]:
        item = self.chain.by_id.get(technique)
        refs = []
        for asset in item.assets if isinstance(item, Technique) else ():
            if asset not in self.assets:
                term = next((term for term in self.chain.assets if term.id == asset), None)
                name, meaning = (term.name, term.meaning) if term else (asset, "")
                self.assets[asset] = self.object(
                    "attack-asset", f"asset:{asset}", name=name, description=meaning
                )
            refs.append(self.assets[asset]["id"])
        return self.object(
            "attack-action",
            part,
            name=str(getattr(item, "name", technique)),
            tactic_id=tactic,
            tactic_ref=identifier("x-mitre-tactic", tactic),
            technique_id=technique,
            technique_ref=identifier("attack-pattern", technique),
            description=text,
            asset_refs=refs,
        )

    def case(self, case: Case) -> list[Any]:
        actions = [
            self.action(f"step {i}", step.technique, step.tactic, step.text)
            for i, step in enumerate(case.steps, 1)
        ]
        for before, after in pairwise(actions):
            before["effect_refs"] = [after["id"]]
        sources = [self.chain.by_id.get(name) for name in case.sources]
        flow = self.object(
            "attack-flow",
            "flow",
            name=f"{case.id} {case.name}",
            description=case.summary + (f"\n\nCommand: {case.command}" if case.command else ""),
            scope=_SCOPE[case.kind],
            start_refs=[actions[0]["id"]],
            external_references=[
                {"source_name": item.id, "description": imported.title(item), "url": item.link}
                for item in sources
                if isinstance(item, Source)
            ],
        )
        return self.bundle(flow, actions)

    def path(self, path: Path) -> list[Any]:
        goal = self.object(
            "attack-condition", "goal", description=f"The goal is reached: {path.goal}."
        )
        actions: dict[str, dict[str, Any]] = {}
        joins, starts, conditions = [], [], []
        for i, step in enumerate(path.steps, 1):
            made = self.action(f"step {i}", step.technique, step.tactic, step.sentence)
            earlier = dict.fromkeys(use.source for use in step.uses if use.source in actions)
            held = [use.capability for use in step.uses if use.source not in actions]
            target = made["id"]
            if len(earlier) > 1:
                join = self.object(
                    "attack-operator", f"join {i}", operator="AND", effect_refs=[target]
                )
                joins.append(join)
                target = join["id"]
            for name in earlier:
                actions[name].setdefault("effect_refs", []).append(target)
            if not earlier and held:
                words = ", ".join(self.chain.words.get(name, name) for name in held)
                given = self.object(
                    "attack-condition",
                    f"held {i}",
                    description=f"Held before the first step: {words}.",
                    on_true_refs=[target],
                )
                conditions.append(given)
            if not earlier:
                starts.append(conditions[-1]["id"] if held else target)
            actions[step.technique] = made
        for last in list(actions.values())[-1:]:
            last.setdefault("effect_refs", []).append(goal["id"])
        flow = self.object(
            "attack-flow",
            "flow",
            name=f"Path to {path.goal}",
            description=f"Effort {path.effort:g} person-days; {len(path.steps)} steps.",
            scope="attack-tree",
            start_refs=starts or [goal["id"]],
        )
        return self.bundle(flow, [*conditions, *actions.values(), *joins, goal])


def _extension() -> list[dict[str, Any]]:
    """Return the definition of the extension and its maker, as every flow must carry them."""
    common = {"spec_version": "2.1", "created_by_ref": CREATOR, "created": MADE, "modified": MADE}
    return [
        {
            "type": "extension-definition",
            "id": EXTENSION,
            **common,
            "name": "Attack Flow",
            "description": "Extends STIX 2.1 with features to create Attack Flows.",
            "schema": SCHEMA,
            "version": "2.0.0",
            "extension_types": ["new-sdo"],
        },
        {
            "type": "identity",
            "id": CREATOR,
            **common,
            "name": "MITRE Center for Threat-Informed Defense",
            "identity_class": "organization",
        },
    ]


@dataclass(frozen=True)
class Node:
    """An action, condition or operator of a flow.

    ``leads_to`` are ids of nodes that follow, for a condition those that follow when it is true;
    ``otherwise`` those when it is false. ``technique`` and ``tactic`` are ids, and
    ``assets`` names, as the file has them.
    """

    id: str
    kind: Kind
    name: str = ""
    text: str = ""
    technique: str = ""
    tactic: str = ""
    leads_to: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flow:
    """A published attack flow; nodes stand in an order in which each comes before what follows it.

    ``notes`` says in sentences what of the file is left out.
    """

    name: str
    text: str
    scope: str
    starts: tuple[str, ...]
    nodes: tuple[Node, ...]
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def steps(self) -> tuple[Node, ...]:
        """Return the actions, in order."""
        return tuple(node for node in self.nodes if node.kind == "action")


def read(source: Document) -> Flow:
    """Read a published Attack Flow: a STIX bundle with one ``attack-flow``.

    An edge that leads out of the file is left out with a note. In a flow that runs in a circle the
    rest stands in the order of the file, with a note.

    Raises
    ------
    InputError
        No such bundle, no or several flows in it, a missing key, a wrong type or an id used twice;
        the message names file, line and key.
    """
    top = Fields.root(source)
    if str(top.data.get("schema", "")).startswith("attack_flow_v"):
        raise top.error(
            "is a document of the Attack Flow Builder; publish it as STIX JSON", "schema"
        )
    if top.text("type") != "bundle":
        raise top.error("an attack flow is a STIX bundle", "type")
    known, notes = Known(), Notes()
    objects = {
        known.add("objects", item.text("id"), item): (item.text("type"), item)
        for item in top.each("objects")
    }
    flows = [item for kind, item in objects.values() if kind == "attack-flow"]
    if len(flows) != 1:
        raise top.error(
            f"an attack flow has one object of type attack-flow, got {len(flows)}", "objects"
        )
    nodes = {}
    for name, (kind, item) in objects.items():
        if kind in _HELD:
            nodes[name] = _node(name, kind, item, objects, notes)
        elif kind not in _PASSED:
            notes.add(f"objects of type {kind!r:.60} are left out")
    flow = flows[0]
    starts = _refs(flow, "start_refs", objects, notes)
    return Flow(
        flow.text("name"),
        flow.text("description", ""),
        flow.word("scope", SCOPES, "other"),
        starts,
        _ordered(nodes, starts, notes),
        notes.all,
    )


def _refs(
    item: Fields, key: str, objects: Mapping[str, tuple[str, Fields]], notes: Notes
) -> tuple[str, ...]:
    """Return the ids of a list that lead to nodes of the flow."""
    kept = []
    for name in dict.fromkeys(item.texts(key)):
        if name in objects and objects[name][0] in _HELD:
            kept.append(name)
        else:
            notes.add(f"the edge from {item.text('id'):.80} to {name!r:.80} leads nowhere")
    return tuple(kept)


def _node(
    name: str, kind: str, item: Fields, objects: Mapping[str, tuple[str, Fields]], notes: Notes
) -> Node:
    if kind == "attack-operator":
        word: Any = item.word("operator", ("AND", "OR"))
        return Node(name, word, leads_to=_refs(item, "effect_refs", objects, notes))
    text = item.text("description", "")
    if kind == "attack-condition":
        return Node(
            name,
            "condition",
            text=text,
            leads_to=_refs(item, "on_true_refs", objects, notes),
            otherwise=_refs(item, "on_false_refs", objects, notes),
        )
    for key in ("command_ref", "execution_start", "execution_end", "confidence"):
        if item.data.get(key):
            notes.add(f"the key {key!r} of an action is left out")
    technique = item.text("technique_id", "") or _pattern(item, objects, notes)
    assets = []
    for key in item.texts("asset_refs"):
        kind, asset = objects.get(key, ("", item))
        if kind == "attack-asset":
            assets.append(asset.text("name"))
        else:
            notes.add(f"the asset {key!r:.80} is not in the file")
    return Node(
        name,
        "action",
        item.text("name"),
        text,
        technique,
        item.text("tactic_id", ""),
        _refs(item, "effect_refs", objects, notes),
        assets=tuple(assets),
    )


def _pattern(item: Fields, objects: Mapping[str, tuple[str, Fields]], notes: Notes) -> str:
    """Return the id of a technique that an action gives only by reference."""
    name = item.text("technique_ref", "")
    kind, pattern = objects.get(name, ("", item))
    if kind == "attack-pattern":
        for reference in pattern.each("external_references"):
            if found := reference.text("external_id", ""):
                return found
    if name:
        notes.add("techniques given by a reference that leads out of the file are left out")
    return ""


def _ordered(nodes: Mapping[str, Node], starts: Sequence[str], notes: Notes) -> tuple[Node, ...]:
    """Return the nodes, each before what follows it, else in the order of starts and file."""
    follows = {name: dict.fromkeys((*x.leads_to, *x.otherwise)) for name, x in nodes.items()}
    before = dict.fromkeys(nodes, 0)
    for names in follows.values():
        for name in names:
            before[name] += 1
    first = dict.fromkeys((*starts, *nodes))
    ready = [name for name in reversed(first) if not before[name]]
    made: dict[str, Node] = {}
    while ready:
        name = ready.pop()
        made[name] = nodes[name]
        for other in reversed(follows[name]):
            before[other] -= 1
            if not before[other]:
                ready.append(other)
    if len(made) < len(nodes):
        notes.add("some nodes lead in a circle; they stand in the order of the file")
    return (*made.values(), *(node for name, node in nodes.items() if name not in made))
