"""The kill chain in other formats: what each holds, what it loses, how to write and read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Literal

from redqubit.core.errors import InputError, unknown
from redqubit.killchain.document import Document
from redqubit.killchain.exchange import (
    atlas,
    atlas_legacy,
    attack_flow,
    bibliography,
    graphviz,
    markdown,
    mermaid,
    navigator,
    open_threat_model,
    own,
    schema,
    stix,
    table,
    threat_dragon,
    threat_model_bom,
)
from redqubit.killchain.exchange.dataflow import Partial, Threat
from redqubit.killchain.model import KillChain
from redqubit.killchain.system import Pipeline


@dataclass(frozen=True)
class Format:
    """A file format.

    ``holds`` is one sentence on what a file of it holds, ``loses`` one sentence each on what of a
    kill chain it cannot hold. ``write`` turns a kill chain into text, ``read`` a document into what
    the format holds; None where the format has no such direction. ``files`` gives several texts by
    path, where the format wants one for each object. ``form`` is how `killchain.document.parse`
    takes its text.
    """

    name: str
    title: str
    suffix: str
    holds: str
    loses: tuple[str, ...] = ()
    write: Callable[[KillChain], str] | None = None
    read: Callable[[Document], Any] | None = None
    form: Literal["yaml", "json"] = "json"
    files: Callable[[KillChain], Mapping[str, str]] | None = None


def _table(name: str, chain: KillChain) -> str:
    return table.write(chain)[name]


_ATLAS_LOSES: Final = (
    "What a technique requires and grants, where it applies, its components, assets, actors, "
    "knowledge, access, impact, cost and detectability.",
    "Evidence, claims, challenges and the vocabulary; of publications a line and an address stay.",
    "Ties to other frameworks, except the first to ATT&CK.",
    "Kind, cost and components of a mitigation, and strength and evidence of each of its edges.",
    "Three of the six steps of maturity: proposed, theory and both simulations become feasible.",
    "Kind and command of a case.",
)

FORMATS: Final = (
    Format(
        name="yaml",
        title="redqubit YAML",
        suffix=".yaml",
        holds="The whole kill chain as one document.",
        write=own.write,
        read=own.read,
        form="yaml",
    ),
    Format(
        name="json",
        title="redqubit JSON",
        suffix=".json",
        holds="The whole kill chain as one document.",
        write=lambda chain: own.write(chain, "json"),
        read=own.read,
    ),
    Format(
        name="schema",
        title="JSON Schema of a kill chain",
        suffix=".schema.json",
        holds="What a kill chain as one document may say, for editors and validators.",
        loses=("All content: a schema says what may be said.",),
        write=lambda _: schema.write("killchain"),
    ),
    Format(
        name="pipeline-schema",
        title="JSON Schema of a pipeline",
        suffix=".schema.json",
        holds="What a pipeline.yaml may say, for editors and validators.",
        loses=("All content: a schema says what may be said.",),
        write=lambda _: schema.write("pipeline"),
    ),
    Format(
        name="stix",
        title="STIX 2.1 bundle",
        suffix=".stix.json",
        holds="The whole kill chain: what ATT&CK has in its object types and properties, the rest "
        "in properties that start with x_redqubit_ and that other tools pass over.",
        write=stix.write,
        read=stix.read,
    ),
    Format(
        name="navigator",
        title="ATT&CK Navigator layers 4.5",
        suffix=".layers.json",
        holds="Which techniques redqubit executes and how mature each is, as two layers.",
        loses=(
            "Everything but id, maturity, components and sources of a technique; the STIX bundle "
            "brings names and tactics.",
        ),
        write=navigator.write,
        read=navigator.read,
    ),
    Format(
        name="atlas",
        title="ATLAS YAML 6.0.0",
        suffix=".atlas.yaml",
        holds="Tactics, techniques, mitigations and cases with the sentences that tie them.",
        loses=(
            *_ATLAS_LOSES,
            "Hardware: ATLAS has four platforms, none of them quantum; all techniques are marked "
            "Predictive AI.",
            "Acceptance by MITRE's own validator, which knows no ids but those with AML in front.",
        ),
        write=atlas.write,
        read=atlas.read,
        form="yaml",
    ),
    Format(
        name="atlas-legacy",
        title="ATLAS YAML 5.x",
        suffix=".atlas-5.yaml",
        holds="Tactics, techniques, mitigations and cases with the sentences that tie them.",
        loses=(*_ATLAS_LOSES, "Hardware: the format has no platforms."),
        write=atlas_legacy.write,
        read=atlas_legacy.read,
        form="yaml",
    ),
    Format(
        name="attack-flow",
        title="Attack Flow 2.0",
        suffix=".flow.json",
        holds="One case or one attack path: its steps with tactic, technique and assets, and what "
        "follows what.",
        loses=("Everything that is no step of a case or path.",),
        read=attack_flow.read,
        files=lambda chain: {
            f"{case.id}.flow.json": attack_flow.write(chain, case) for case in chain.cases
        },
    ),
    Format(
        name="mermaid",
        title="Mermaid flowchart",
        suffix=".mmd",
        holds="All techniques by tactic, tied by the capabilities they grant and require; also one "
        "technique with its neighbors, a case or a path.",
        loses=("Everything but ids, names, tactics, requirements and grants.",),
        write=mermaid.write,
    ),
    Format(
        name="graphviz",
        title="Graphviz DOT",
        suffix=".dot",
        holds="All techniques by tactic, tied by the capabilities they grant and require; also one "
        "technique with its neighbors, a case or a path.",
        loses=("Everything but ids, names, tactics, requirements and grants.",),
        write=graphviz.write,
    ),
    *(
        Format(
            name=f"csv-{name}",
            title=f"CSV table of {name}",
            suffix=f".{name}.csv",
            holds=f"One row for each of the {name}; text that a spreadsheet would take for a "
            "formula has an apostrophe in front.",
            loses=("Every other kind of object.",),
            write=partial(_table, f"{name}.csv"),
        )
        for name in ("techniques", "mitigations", "evidence", "sources", "edges")
    ),
    Format(
        name="bibtex",
        title="BibTeX",
        suffix=".bib",
        holds="The literature.",
        loses=("Everything but sources; how far each was checked.",),
        write=bibliography.write,
    ),
    Format(
        name="csl-json",
        title="CSL-JSON",
        suffix=".csl.json",
        holds="The literature.",
        loses=("Everything but sources; how far each was checked.",),
        write=lambda chain: bibliography.write(chain, "csl"),
    ),
    Format(
        name="markdown",
        title="Markdown",
        suffix=".md",
        holds="Everything the kill chain says about each object, to read; as one document or as a "
        "page for each.",
        loses=("The form that a program could read back.",),
        write=markdown.write,
        files=markdown.pages,
    ),
)


@dataclass(frozen=True)
class PipelineFormat:
    """A file format of threat-modeling tools, for a pipeline with the threats found on it.

    ``holds`` and ``loses`` are as in `Format`. ``read`` gives what a file of any tool says about a
    pipeline, with what it leaves unknown; None where the format is only written.
    """

    name: str
    title: str
    suffix: str
    holds: str
    write: Callable[[KillChain, Pipeline, Iterable[Threat]], str]
    loses: tuple[str, ...] = ()
    read: Callable[[Document, KillChain], Partial] | None = None


PIPELINE_FORMATS: Final = (
    PipelineFormat(
        name="tm-bom",
        title="OWASP TM-BOM 1.0.2",
        suffix=".tm-bom.json",
        holds="Components with parties and trust, flows, threats and controls; the rest of the "
        "pipeline as an extension that other tools pass over.",
        write=threat_model_bom.write,
        read=threat_model_bom.read,
    ),
    PipelineFormat(
        name="otm",
        title="Open Threat Model 0.2.0",
        suffix=".otm.json",
        holds="Components with parties and trust, flows, threats and mitigations; the rest of the "
        "pipeline as attributes that other tools pass over.",
        write=open_threat_model.write,
        read=open_threat_model.read,
    ),
    PipelineFormat(
        name="threat-dragon",
        title="OWASP Threat Dragon 2",
        suffix=".threat-dragon.json",
        holds="A diagram of components, flows and boundaries by party, with the threats found.",
        loses=(
            "Everything a pipeline says beside its components and who runs them; mitigations in "
            "place show only at the threats they act on.",
        ),
        write=threat_dragon.write,
    ),
)


def find(name: str) -> Format:
    """Return the format with this name.

    Raises
    ------
    InputError
        There is none; the message names the near miss.
    """
    for item in FORMATS:
        if item.name == name:
            return item
    raise unknown("format", name, (item.name for item in FORMATS))


def write(name: str, chain: KillChain) -> str:
    """Return a kill chain in a format, by the name of the format.

    Raises
    ------
    InputError
        There is no such format, or it is only read.
    """
    found = find(name)
    if found.write is None:
        writable = ", ".join(item.name for item in FORMATS if item.write)
        why = "wants a file for each object" if found.files else "is only read"
        raise InputError(f"{found.title} {why}; written as one text are {writable}")
    return found.write(chain)


def files(name: str, chain: KillChain) -> Mapping[str, str]:
    """Return the texts of a format by path: one for each object, or one for all.

    Raises
    ------
    InputError
        There is no such format, or it is only read.
    """
    found = find(name)
    if found.files is not None:
        return found.files(chain)
    return {f"killchain{found.suffix}": write(name, chain)}


def find_for_pipeline(name: str) -> PipelineFormat:
    """Return the format of threat-modeling tools with this name.

    Raises
    ------
    InputError
        There is none; the message names the near miss.
    """
    for item in PIPELINE_FORMATS:
        if item.name == name:
            return item
    raise unknown("format of a pipeline", name, (item.name for item in PIPELINE_FORMATS))


def read(name: str, source: Document) -> Any:
    """Return what a document of a format holds, by the name of the format.

    Raises
    ------
    InputError
        There is no such format, it is only written, or the document is not acceptable; then the
        message names file, line and key.
    """
    found = find(name)
    if found.read is None:
        readable = ", ".join(item.name for item in FORMATS if item.read)
        raise InputError(f"{found.title} is only written; read are {readable}")
    return found.read(source)
