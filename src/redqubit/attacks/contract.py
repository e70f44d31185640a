"""What every attack keeps, ours and yours: run ``contract(attack)`` in a test."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from redqubit.attacks.access import KINDS, Attack, access, kind
from redqubit.attacks.clone import Clone
from redqubit.attacks.metric import TOLERANCE, distance
from redqubit.attacks.outcome import Array, Outcome
from redqubit.core.budget import Radius
from redqubit.core.errors import BudgetExceededError, InputError, RedqubitError, WithheldError
from redqubit.core.record import from_json, to_json
from redqubit.core.streams import stream
from redqubit.models.model import FloatArray
from redqubit.models.target import TrainingData

FEATURES, SAMPLES = 3, 18
LOW, HIGH = 0.0, float(np.pi)


class ContractError(RedqubitError, AssertionError):
    """An attack breaks the contract; ``clause`` names what it broke."""

    def __init__(self, clause: str, message: str) -> None:
        super().__init__(f"{clause}: {message}")
        self.clause = clause


def contract(attack: Attack) -> None:
    """Check that ``attack`` keeps what the harness relies on.

    It is run a few times on a small trigonometric model with text-free labels that are not class
    indices, 18 samples of 3 features in [0, pi], through a target that notes every request.

    Raises
    ------
    ContractError
        The clause broken is one of: ``frozen dataclass``, ``identity``, ``verb``, ``parameters``,
        ``declared access``, ``inputs untouched``, ``outcome``, ``inside the radius``, ``inside the
        domain``, ``same seed same outcome``, ``sample order``, ``zero budget does nothing``,
        ``query budget``.
    """
    _well_formed(attack)
    bench = _Bench(attack)
    first = bench.run(attack)
    again = bench.run(attack)
    _require("same seed same outcome", _same(first, again), "two runs with one seed differ")
    try:
        bench.run(attack, reverse=True)
    except ContractError as error:
        raise ContractError("sample order", f"in reverse order of samples, {error}") from error
    _zero(bench, attack)
    _limited(bench, attack)


def _well_formed(attack: Any) -> None:
    cls = type(attack)
    frozen = dataclasses.is_dataclass(attack) and cls.__dataclass_params__.frozen
    _require("frozen dataclass", frozen, f"{cls.__name__} must be a frozen dataclass")
    patterns = {
        "name": r"[a-z][a-z0-9_]*",
        "technique": r"[A-Z]+\.T\d{4}(\.\d{3})?",
        "title": r".+",
    }
    for attribute, pattern in patterns.items():
        value = getattr(cls, attribute, None)
        _require(
            "identity",
            isinstance(value, str) and re.fullmatch(pattern, value) is not None,
            f"{cls.__name__}.{attribute} must be text like {pattern}, got {value!r}",
        )
    try:
        access(attack), kind(attack)
    except InputError as error:
        raise ContractError("verb", str(error)) from error
    try:
        copy = from_json(cls, to_json(attack))
    except InputError as error:
        raise ContractError("parameters", f"they must survive JSON: {error}") from error
    _require("parameters", copy == attack, "they change on their way through JSON")


def _zero(bench: _Bench, attack: Any) -> None:
    """Require that a radius or fraction of zero changes nothing."""
    clause = "zero budget does nothing"
    fields = {field.name for field in dataclasses.fields(attack)}
    X, y = bench.samples()
    if bench.kind == "evasion" and isinstance(getattr(attack, "radius", None), Radius):
        none = dataclasses.replace(attack, radius=dataclasses.replace(attack.radius, value=0.0))
        same = np.array_equal(bench.run(none).X, X)  # type: ignore[union-attr]
        _require(clause, same, "samples moved although the radius is 0")
    if bench.kind == "poisoning" and "fraction" in fields:
        found: Any = bench.run(dataclasses.replace(attack, fraction=0.0))
        same = np.array_equal(found.y, y) and np.array_equal(found.X, X)
        _require(clause, same and not found.changed.any(), "data changed although fraction is 0")


def _limited(bench: _Bench, attack: Any) -> None:
    """Require that an attack without queries stops with what it has, or says so."""
    if bench.kind == "poisoning":
        return
    clause = "query budget"
    found: Any = None
    try:
        found = bench.run(attack, query_limit=0)
    except BudgetExceededError:
        return
    if bench.kind == "extraction":
        raise ContractError(clause, "a clone was made without a single query")
    same = np.array_equal(found.X, bench.samples()[0])
    blind = same or bench.meter.queries == 0
    _require(clause, blind, "queries were spent beyond the limit")


class _Bench:
    """Runs an attack on the small model and checks whatever every outcome must keep."""

    def __init__(self, attack: Any) -> None:
        self.view, self.kind = access(attack), kind(attack)
        self.model = _Probe(_classes_for(attack))

    def samples(self) -> tuple[FloatArray, Array]:
        """Return fresh arrays of samples and labels."""
        X = stream(3, "contract", "samples").uniform(LOW, HIGH, (SAMPLES, FEATURES))
        return X, self.model.predict(X)

    def run(self, attack: Any, *, reverse: bool = False, query_limit: int | None = None) -> Outcome:
        X, y = self.samples()
        if reverse:
            X, y = X[::-1].copy(), y[::-1].copy()
        kept, before = (X.copy(), y.copy()), to_json(attack)
        target = self._target(X, y, query_limit)
        self.meter = target.meter
        touched: list[str] = []
        try:
            outcome: Outcome = attack.run(_tripwire(target, touched), stream(7, "contract"))
        except ValueError as error:
            if "read-only" not in str(error):
                raise
            raise ContractError(
                "inputs untouched", f"it wrote to what it was given: {error}"
            ) from (error)
        except WithheldError as error:
            if not touched:
                raise
            raise ContractError("declared access", str(error)) from error
        _require("declared access", not touched, f"it asked for {sorted(set(touched))}")
        untouched = np.array_equal(X, kept[0]) and np.array_equal(y, kept[1])
        _require("inputs untouched", untouched, "it wrote to the victim's samples")
        _require("inputs untouched", to_json(attack) == before, "it changed its own parameters")
        self._judge(attack, outcome, X, y)
        return outcome

    def _target(self, X: Array, y: Array, query_limit: int | None) -> Any:
        if issubclass(self.view, TrainingData):
            return TrainingData(
                X, y, classes=self.model.classes_, encoder=self.model.encoder_states
            )
        return self.view(
            self.model,
            X,
            y,
            LOW,
            HIGH,
            returns="expectations",
            encoding="angle",
            auxiliary=self.samples(),
            query_limit=query_limit,
        )

    def _judge(self, attack: Any, outcome: Any, X: FloatArray, y: Array) -> None:
        clause = "outcome"
        made = KINDS.get(type(outcome))
        _require(
            clause, made == self.kind, f"run promises {self.kind}, got {type(outcome).__name__}"
        )
        if made == "extraction":
            answers = np.asarray(outcome.clone.predict_proba(X))
            right = answers.shape == (SAMPLES, len(self.model.classes_))
            _require(clause, right, f"the clone answers {answers.shape} for {SAMPLES} samples")
            _require(clause, bool(np.isfinite(answers).all()), "the clone answers NaN")
            return
        right = isinstance(outcome.X, np.ndarray) and outcome.X.shape == X.shape
        _require(
            clause, right and bool(np.isfinite(outcome.X).all()), f"X must be finite {X.shape}"
        )
        inside = bool(
            (outcome.X >= LOW - TOLERANCE).all() and (outcome.X <= HIGH + TOLERANCE).all()
        )
        _require("inside the domain", inside, f"samples left [{LOW}, {HIGH:.3f}]")
        if made == "poisoning":
            right = outcome.y.shape == y.shape and outcome.changed.shape == y.shape
            _require(clause, right, f"y and changed must have shape {y.shape}")
            known = bool(np.isin(outcome.y, self.model.classes_).all())
            _require(clause, known, "a label that is no class")
            moved = (outcome.X != X).any(axis=1) | (outcome.y != y)
            _require(clause, not (moved & ~outcome.changed).any(), "changed rows are not declared")
            return
        if isinstance(getattr(attack, "radius", None), Radius):
            excess = float(distance(X, outcome.X, attack.radius).max()) - attack.radius.value
            _require("inside the radius", excess <= TOLERANCE, f"exceeded by {excess:.3g}")


class _Probe(Clone):
    """Three classes whose logits are a fixed trigonometric polynomial of degree one."""

    def __init__(self, classes: tuple[Any, ...]) -> None:
        shape = (3,) * FEATURES + (len(classes),)
        tensor = torch.tensor(stream(5, "contract", "probe").normal(size=shape))

        def logits(x: Tensor) -> Tensor:
            result = tensor.to(x).expand(len(x), *shape)
            for column in x.unbind(dim=1):
                wave = torch.stack([torch.ones_like(column), column.cos(), column.sin()], dim=1)
                result = torch.einsum("bi,bi...->b...", wave, result)
            return result

        super().__init__(logits, classes, FEATURES)

    def expectation_values(self, X: ArrayLike) -> FloatArray:
        """Return bounded values, the scores' tanh."""
        return np.asarray(np.tanh(self.scores(X)))

    def encoder_states(self, X: ArrayLike) -> NDArray[np.complex128]:
        """Return product states of RX rotations, ``(N, 2^F)``."""
        half = np.asarray(X) / 2
        state = np.ones((len(half), 1), dtype=complex)
        for column in half.T:
            qubit = np.stack([np.cos(column), -1j * np.sin(column)], axis=1)
            state = (qubit[:, :, None] * state[:, None, :]).reshape(len(half), -1)
        return state


def _classes_for(attack: Any) -> tuple[Any, ...]:
    """Return three sorted labels, among them those the attack's parameters name."""
    named = {getattr(attack, name, None) for name in ("goal", "source")} - {None}
    others = ("ape", "bee", "cat") if any(isinstance(item, str) for item in named) else (3, 5, 8)
    return tuple(sorted([*named, *(item for item in others if item not in named)][:3]))


def _tripwire(target: Any, touched: list[str]) -> Any:
    """Wrap a target so that requests beyond its public attributes are noted and refused."""
    granted = {name for name in dir(type(target)) if not name.startswith("_")}

    class Tripwire:
        def __getattribute__(self, name: str) -> Any:
            if name == "__class__":
                return type(target)  # isinstance sees the declared view
            if name in granted:
                return getattr(target, name)
            touched.append(name)
            raise WithheldError(f"target.{name} is not part of {type(target).__name__}")

        def __setattr__(self, name: str, value: Any) -> None:
            touched.append(name)
            raise WithheldError(f"target.{name} cannot be set")

    return Tripwire()


def _same(first: Any, second: Any) -> bool:
    """Compare outcomes: arrays, and a clone by its answers."""
    probe = stream(11, "contract", "compare").uniform(LOW, HIGH, (50, FEATURES))
    read: list[Callable[[Any], Any]] = [
        lambda item: getattr(item, "X", None),
        lambda item: getattr(item, "y", None),
        lambda item: getattr(item, "queries", None),
        lambda item: item.clone.predict_proba(probe) if getattr(item, "clone", None) else None,
    ]
    return all(np.array_equal(part(first), part(second)) for part in read)


def _require(clause: str, kept: bool, message: str) -> None:
    if not kept:
        raise ContractError(clause, message)
