"""The kill chain in other formats: what each holds, what it loses, how to write and read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from redqubit.core.errors import InputError, unknown
from redqubit.killchain.document import Document
from redqubit.killchain.exchange import atlas, atlas_legacy, navigator, own, schema, stix
from redqubit.killchain.model import KillChain


@dataclass(frozen=True)
class Format:
    """A file format.

    ``holds`` is one sentence on what a file of it holds, ``loses`` one sentence each on what of a
    kill chain it cannot hold. ``write`` turns a kill chain into text, ``read`` a document into what
    the format holds; None where the format has no such direction. ``form`` is how
    `killchain.document.parse` takes its text.
    """

    name: str
    title: str
    suffix: str
    holds: str
    loses: tuple[str, ...] = ()
    write: Callable[[KillChain], str] | None = None
    read: Callable[[Document], Any] | None = None
    form: Literal["yaml", "json"] = "json"


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
        raise InputError(f"{found.title} is only read; written are {writable}")
    return found.write(chain)


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
