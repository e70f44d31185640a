"""Reads an attack's threat model off its signature, and grants exactly that."""

from __future__ import annotations

import typing
from typing import Any, ClassVar, Literal, Protocol

import numpy as np

from redqubit.attacks.outcome import Array, Evasion, Extraction, Outcome, Poisoning
from redqubit.core.errors import InputError
from redqubit.models.target import Oracle, Returns, TrainingData, WhiteBox
from redqubit.models.victim import Victim

Kind = Literal["evasion", "poisoning", "extraction"]
Target = Oracle | TrainingData
VIEWS: tuple[type[Target], ...] = (Oracle, WhiteBox, TrainingData)
KINDS: dict[type[Outcome], Kind] = {
    Evasion: "evasion",
    Poisoning: "poisoning",
    Extraction: "extraction",
}


class Attack(Protocol):
    """A frozen dataclass with one verb; the type of ``target`` is the access it needs."""

    name: ClassVar[str]
    technique: ClassVar[str]
    title: ClassVar[str]

    def run(self, target: Any, rng: np.random.Generator) -> Any:
        """Attack ``target`` and return what came of it."""
        ...


def access(attack: Attack | type[Attack]) -> type[Target]:
    """Return the view that ``attack`` (or its class) declares to need."""
    view: type[Target] = _declared(attack, "target", VIEWS)
    return view


def kind(attack: Attack | type[Attack]) -> Kind:
    """Return what ``attack`` (or its class) makes."""
    return KINDS[_declared(attack, "return", tuple(KINDS))]


def grant(
    attack: Attack,
    victim: Victim,
    X: Array | None = None,
    y: Array | None = None,
    *,
    returns: Returns = "probabilities",
    shots: int | None = None,
    query_limit: int | None = None,
    encoding: str | None = None,
    degrees: tuple[int, ...] | None = None,
    seed: int = 0,
) -> Any:
    """Build the target that ``attack`` declares, on ``victim``.

    Parameters
    ----------
    X, y
        Samples under attack, the victim's test data when None. A poisoner gets the training data
        whatever they are.
    returns, shots, query_limit, encoding, degrees, seed
        As in `Oracle`. The training data serve as the attacker's own sample of the distribution.
        A poisoner is granted the encoder when ``encoding`` is known.
    """
    view, data = access(attack), victim.data
    if issubclass(view, TrainingData):
        known = encoding is not None
        encoder: Any = getattr(victim.model, "encoder_states", None) if known else None
        return TrainingData(data.X_train, data.y_train, classes=data.classes, encoder=encoder)
    return view(
        victim.model,
        data.X_test if X is None else X,
        data.y_test if y is None else y,
        data.low,
        data.high,
        returns=returns,
        shots=shots,
        query_limit=query_limit,
        encoding=encoding,
        degrees=degrees,
        auxiliary=(data.X_train, data.y_train),
        seed=seed,
    )


def _declared(attack: Any, parameter: str, options: tuple[Any, ...]) -> Any:
    owner: Any = attack if isinstance(attack, type) else type(attack)
    try:
        hint = typing.get_type_hints(owner.run).get(parameter)
    except (AttributeError, NameError) as error:
        raise InputError(f"{owner.__name__} needs run(self, target: ..., rng): {error}") from error
    if hint not in options:
        names = ", ".join(option.__name__ for option in options)
        raise InputError(
            f"{owner.__name__}.run must annotate {parameter!r} with one of {names}, got "
            f"{getattr(hint, '__name__', hint)}"
        )
    return hint
