"""The user's pipeline: who runs which component, what the model is, who may attack it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from redqubit.core import record
from redqubit.core.errors import InputError, unknown
from redqubit.killchain import document
from redqubit.killchain.document import Document
from redqubit.killchain.model import Fact, Hardware, KillChain, Knowledge

EXAMPLES: Final = Path(__file__).parent / "examples"  # six pipelines that ship with redqubit
Trust = Literal["trusted", "honest but curious", "untrusted"]
Skill = Literal["low", "medium", "high"]


@dataclass(frozen=True)
class Placement:
    """Which party runs a component, and how far the owner trusts that party."""

    party: str
    trust: Trust = "trusted"


@dataclass(frozen=True)
class ModelFacts:
    """What the model is; ``origin`` says who trained it.

    ``published``: encoder and ansatz are described in public. ``public_code``: anyone can read the
    repository that builds and runs it.
    """

    family: Literal[
        "QNN",
        "QCNN",
        "QSVM",
        "QGAN",
        "quantum autoencoder",
        "quantum reinforcement learning",
        "quanvolutional",
        "unknown",
    ] = "unknown"
    encoder: Literal[
        "angle", "dense angle", "re-uploading", "trainable", "amplitude", "basis", "IQP", "unknown"
    ] = "unknown"
    ansatz: str = ""
    qubits: int | None = None
    depth: int | None = None
    two_qubit_gates: int | None = None
    features: int | None = None
    parameters: int | None = None
    shots: int | None = None
    origin: Literal["own", "pretrained"] = "own"
    published: bool = False
    public_code: bool = False


@dataclass(frozen=True)
class DataFacts:
    """How sensitive the training data are and where they come from.

    ``clipped``: features are clipped to the range seen in training before they are encoded.
    """

    sensitivity: Literal["public", "internal", "personal", "secret"] = "internal"
    origin: Literal["own", "third party", "crowd"] = "own"
    clipped: bool = False


@dataclass(frozen=True)
class TrainingFacts:
    """Where the model is trained; ``distributed`` means one circuit over linked processors."""

    where: Literal["simulator", "device"] = "simulator"
    federated: bool = False
    distributed: bool = False


@dataclass(frozen=True)
class TranspileFacts:
    """Who transpiles, and whether plugins or approximate synthesis take part."""

    by: Literal["user", "compiler supplier", "quantum cloud"] = "user"
    plugins: bool = False
    approximate: bool = False


@dataclass(frozen=True)
class ProviderFacts:
    """Where circuits run and how tenants are kept apart."""

    location: Literal["own", "cloud"] = "cloud"
    hardware: Literal["simulator", "superconducting", "trapped ion", "neutral atom", "photonic"] = (
        "superconducting"
    )
    tenancy: Literal["dedicated", "time-shared", "multi-tenant"] = "time-shared"
    pulse_access: bool = False
    calibration: Literal["own", "provider", "third party"] = "provider"
    reset: Literal["verified", "standard", "none"] = "standard"
    error_mitigation: tuple[
        Literal[
            "readout correction",
            "zero-noise extrapolation",
            "probabilistic error cancellation",
            "dynamical decoupling",
        ],
        ...,
    ] = ()
    error_correction: bool = False
    broker: bool = False


@dataclass(frozen=True)
class ServiceFacts:
    """Who can query the served model and what an answer holds."""

    queries: Literal["none", "internal", "partners", "public"] = "none"
    output: Literal["label", "scores", "expectation values"] = "label"
    decimals: int | None = None
    daily_queries: int | None = None
    accepts_circuits: bool = False


@dataclass(frozen=True)
class Dependency:
    """A package the pipeline installs; ``pinned`` means one exact version."""

    name: str
    version: str = ""
    pinned: bool = False


@dataclass(frozen=True)
class Attacker:
    """An actor as the owner expects it, with its knowledge and budget; None is no limit.

    ``money`` is in US dollars, ``days`` in working days. ``capabilities`` are held beyond those of
    the position, ``without`` are taken away.
    """

    actor: str
    knowledge: Knowledge = "black"
    queries: float | None = None
    shots: float | None = None
    money: float | None = None
    days: float | None = None
    skill: Skill = "high"
    capabilities: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pipeline:
    """A pipeline as its owner describes it.

    ``components`` maps component ids (C1 to C15) to who runs them; a component that is missing is
    not part of the pipeline. ``mitigations`` are ids of those in place.
    """

    name: str
    components: Mapping[str, Placement]
    description: str = ""
    model: ModelFacts = field(default_factory=ModelFacts)
    data: DataFacts = field(default_factory=DataFacts)
    training: TrainingFacts = field(default_factory=TrainingFacts)
    transpile: TranspileFacts = field(default_factory=TranspileFacts)
    provider: ProviderFacts = field(default_factory=ProviderFacts)
    service: ServiceFacts = field(default_factory=ServiceFacts)
    dependencies: tuple[Dependency, ...] = ()
    mitigations: tuple[str, ...] = ()
    actors: tuple[Attacker, ...] = ()

    @property
    def hardware(self) -> tuple[Hardware, ...]:
        """Return the hardware words whose techniques can apply; a simulator matches ``any``."""
        own = self.provider.hardware
        return ("any",) if own == "simulator" else ("any", own)


def read(path: Path, chain: KillChain) -> Pipeline:
    """Read and check a ``pipeline.yaml`` (or ``.json``).

    Raises
    ------
    InputError
        As `document.read`, and for an unknown key or value or an id the kill chain does not have;
        the message names file, line and key, and what is known.
    """
    return check(document.read(path), chain)


def check(source: Document, chain: KillChain) -> Pipeline:
    """Build a pipeline from a document and check every id in it against the kill chain."""
    try:
        pipeline = record.from_json(Pipeline, source.data)
    except InputError as error:
        raise source.error(str(error), error.path) from error
    for path, kind, name, allowed in _named(pipeline, chain):
        if name not in allowed:
            raise source.error(str(unknown(kind, name, allowed)), path)
    return pipeline


def _named(pipeline: Pipeline, chain: KillChain) -> Iterator[tuple[str, str, str, frozenset[str]]]:
    """Yield (path, kind, id, known ids) for every id a pipeline names."""

    def ids(items: tuple[Any, ...]) -> frozenset[str]:
        return frozenset(item.id for item in items)

    components, parties = ids(chain.components), ids(chain.parties)
    for name, placement in pipeline.components.items():
        yield f"components.{name}", "component", name, components
        yield f"components.{name}.party", "party", placement.party, parties
    for i, name in enumerate(pipeline.mitigations):
        yield f"mitigations[{i}]", "mitigation", name, ids(chain.mitigations)
    for i, actor in enumerate(pipeline.actors):
        yield f"actors[{i}].actor", "actor", actor.actor, ids(chain.actors)
        for key in ("capabilities", "without"):
            for j, name in enumerate(getattr(actor, key)):
                yield f"actors[{i}].{key}[{j}]", "capability", name, ids(chain.capabilities)


def traits(pipeline: Pipeline, chain: KillChain) -> frozenset[str]:
    """Return the ids of the traits that hold for a pipeline."""
    data = record.to_json(pipeline)
    return frozenset(
        trait.id for trait in chain.traits if any(_holds(fact, data) for fact in trait.when)
    )


def _reach(data: Any, keys: list[str]) -> Iterator[Any]:
    """Yield what a field path leads to; a list on the way stands for each of its entries."""
    if isinstance(data, list):
        for item in data:
            yield from _reach(item, keys)
    elif not keys:
        yield data
    elif isinstance(data, dict) and keys[0] in data:
        yield from _reach(data[keys[0]], keys[1:])


def _holds(fact: Fact, data: Any) -> bool:
    found = list(_reach(data, fact.field.split(".")))
    if fact.values:
        return any(item in fact.values for item in found)
    return any(item not in (None, False, "", "none") for item in found)


def held(attacker: Attacker, pipeline: Pipeline, chain: KillChain) -> frozenset[str]:
    """Return the capabilities an attacker holds on a pipeline before the first step."""
    present = traits(pipeline, chain)
    actor = next(item for item in chain.actors if item.id == attacker.actor)
    levels = {"black": (), "gray": ("gray",), "white": ("gray", "white")}[attacker.knowledge]
    position = {start.capability for start in actor.starts if start.when.met(present)}
    known = {item.id for item in chain.capabilities if item.knowledge in levels}
    return frozenset((position | known | set(attacker.capabilities)) - set(attacker.without))
