"""What a file says of a model: a strict record, circuits as gate lists, arrays by name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import QuantumCircuit
from qiskit.quantum_info import Pauli, SparsePauliOp

from redqubit.circuits import from_gate_list, to_gate_list
from redqubit.core import record
from redqubit.core.errors import InputError, unknown
from redqubit.engine.noise import Noise
from redqubit.models.circuit_model import Dtype, Head
from redqubit.models.classical import ClassicalNetwork
from redqubit.models.kernel import QSVM
from redqubit.models.model import FloatArray
from redqubit.models.optimizers import OptimizerName
from redqubit.models.qnn import QNN
from redqubit.models.train import LossName

SCHEMA_VERSION = 1
MAX_CLASSES = 10_000

Label = int | float | str | bool
Stored = QNN | QSVM | ClassicalNetwork


@dataclass(frozen=True)
class QNNRecord:
    """What a file says of a `QNN` besides its arrays."""

    kind: Literal["qnn"]
    classes: tuple[Label, ...]
    encoder: Any
    ansatz: Any
    observables: Any
    noise: Any
    head: Head
    loss: LossName
    optimizer: OptimizerName
    learning_rate: float
    batch_size: int
    epochs: int
    shots: int | None
    loss_threshold: float | None
    seed: int
    dtype: Dtype
    n_features: int
    schema: int = SCHEMA_VERSION


@dataclass(frozen=True)
class QSVMRecord:
    """What a file says of a `QSVM` besides its arrays."""

    kind: Literal["qsvm"]
    classes: tuple[Label, ...]
    encoder: Any
    penalty: float
    shots: int | None
    seed: int
    n_features: int
    schema: int = SCHEMA_VERSION


@dataclass(frozen=True)
class ClassicalRecord:
    """What a file says of a `ClassicalNetwork` besides its arrays."""

    kind: Literal["classical"]
    classes: tuple[Label, ...]
    hidden: tuple[int, ...]
    learning_rate: float
    batch_size: int
    epochs: int
    loss_threshold: float | None
    seed: int
    n_features: int
    schema: int = SCHEMA_VERSION


Record = QNNRecord | QSVMRecord | ClassicalRecord

_RECORDS: dict[str, type[Record]] = {
    "classical": ClassicalRecord,
    "qnn": QNNRecord,
    "qsvm": QSVMRecord,
}
_ARRAYS = {
    "classical": ("theta", "center"),
    "qnn": ("weights", "head_weight", "head_bias"),
    "qsvm": ("support_vectors", "dual_coef", "intercept"),
}


def describe(model: Any) -> tuple[Record, dict[str, FloatArray]]:
    """Return the record and the arrays that stand for a trained model.

    Raises
    ------
    InputError
        Another kind of model, one that is not trained, or one with parts that have no record.
    """
    if not isinstance(model, Stored):
        raise InputError(
            f"a {type(model).__name__} cannot be saved; QNN, QSVM and ClassicalNetwork can"
        )
    if not hasattr(model, "classes_"):
        raise InputError(f"only trained models can be saved; fit this {type(model).__name__} first")
    common: dict[str, Any] = {
        "classes": tuple(_plain(label) for label in model.classes_),
        "n_features": model.n_features_in_,
    }
    made: Record
    if isinstance(model, QNN):
        made = QNNRecord(
            kind="qnn",
            encoder=_circuit_data(model.encoder),
            ansatz=_circuit_data(model.ansatz),
            observables=_observable_data(model.observables),
            noise=model.noise.to_json() if isinstance(model.noise, Noise) else model.noise,
            head=model.head,
            loss=model.loss,
            optimizer=model.optimizer,
            learning_rate=float(model.learning_rate),
            batch_size=model.batch_size,
            epochs=model.epochs,
            shots=model.shots,
            loss_threshold=model.loss_threshold,
            seed=model._seed,
            dtype=model.dtype,
            **common,
        )
    elif isinstance(model, QSVM):
        made = QSVMRecord(
            kind="qsvm",
            encoder=_circuit_data(model.encoder),
            penalty=float(model.C),
            shots=model.shots,
            seed=model._seed,
            **common,
        )
    else:
        made = ClassicalRecord(
            kind="classical",
            hidden=tuple(model.hidden),
            learning_rate=float(model.learning_rate),
            batch_size=model.batch_size,
            epochs=model.epochs,
            loss_threshold=model.loss_threshold,
            seed=model.seed,
            **common,
        )
    return made, {name: getattr(model, f"{name}_") for name in _ARRAYS[made.kind]}


def build(header: Any, arrays: dict[str, FloatArray]) -> Stored:
    """Return the model that `describe` described.

    Raises
    ------
    InputError
        Anything that is not exactly such a record with arrays that fit.
    """
    kind = header.get("kind") if isinstance(header, dict) else None
    if not isinstance(kind, str) or kind not in _RECORDS:
        raise unknown("kind of model", str(kind)[:40], _RECORDS)
    if header.get("schema") != SCHEMA_VERSION:
        raise InputError(
            f"schema version must be {SCHEMA_VERSION}, got {header.get('schema')!r:.40}; save the "
            "model again with this version of redqubit"
        )
    for name in arrays:
        if name not in _ARRAYS[kind]:
            raise unknown("array", name[:40], _ARRAYS[kind])
    for name in _ARRAYS[kind]:
        if name not in arrays:
            raise InputError(f"the array {name!r} is missing")
        if not np.isfinite(arrays[name]).all():
            raise InputError(f"the array {name!r} must be finite")
    parsed = record.from_json(_RECORDS[kind], header)
    if parsed.n_features < 1:
        raise InputError(f"n_features must be >= 1, got {parsed.n_features}")
    model = _blank(parsed)
    model._restore(_classes(parsed.classes), parsed.n_features, arrays)
    return model


def _blank(parsed: Record) -> Stored:
    """Return the model of a record without what training gave it."""
    if isinstance(parsed, QNNRecord):
        return QNN(
            _circuit(parsed.encoder, "encoder"),
            _circuit(parsed.ansatz, "ansatz"),
            observables=_observables(parsed.observables),
            head=parsed.head,
            loss=parsed.loss,
            optimizer=parsed.optimizer,
            learning_rate=parsed.learning_rate,
            batch_size=parsed.batch_size,
            epochs=parsed.epochs,
            shots=parsed.shots,
            noise=None if parsed.noise is None else Noise.from_json(parsed.noise),
            loss_threshold=parsed.loss_threshold,
            seed=parsed.seed,
            dtype=parsed.dtype,
        )
    if isinstance(parsed, QSVMRecord):
        encoder = _circuit(parsed.encoder, "encoder")
        return QSVM(encoder, C=parsed.penalty, shots=parsed.shots, seed=parsed.seed)
    return ClassicalNetwork(
        parsed.hidden,
        learning_rate=parsed.learning_rate,
        batch_size=parsed.batch_size,
        epochs=parsed.epochs,
        loss_threshold=parsed.loss_threshold,
        seed=parsed.seed,
    )


def _plain(label: Any) -> Label:
    value = label.item() if isinstance(label, np.generic) else label
    if not isinstance(value, int | float | str | bool):
        raise InputError(f"labels must be numbers or text to be saved, got {label!r}")
    return value


def _classes(labels: tuple[Label, ...]) -> NDArray[Any]:
    same = len({type(label) for label in labels}) == 1
    if not 2 <= len(labels) <= MAX_CLASSES or not same:
        raise InputError(f"classes must be 2 to {MAX_CLASSES} labels of one type")
    try:
        classes = np.array(labels)
    except OverflowError:
        raise InputError("a class label is too large a number") from None
    if classes.dtype.kind not in "biufU" or len(np.unique(classes)) != len(classes):
        raise InputError("classes must be different numbers or texts")
    if not np.array_equal(np.unique(classes), classes):
        raise InputError("classes must be sorted")
    return classes


def _circuit_data(circuit: QuantumCircuit | None) -> Any:
    return None if circuit is None else to_gate_list(circuit)


def _circuit(data: Any, where: str) -> QuantumCircuit | None:
    if data is None:
        return None
    try:
        return from_gate_list(data)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _observable_data(observables: Sequence[Any] | None) -> Any:
    """Return observables as Pauli labels, or lists of [label, coefficient]."""
    if observables is None:
        return None
    data: list[Any] = []
    for item in observables:
        if isinstance(item, str | Pauli):
            data.append(str(item))
        else:
            data.append([[label, float(value.real)] for label, value in item.to_list()])
    return data


def _observables(data: Any) -> list[Any] | None:
    if data is None:
        return None
    if not isinstance(data, list) or not 1 <= len(data) <= MAX_CLASSES:
        raise InputError(f"observables must be a list of 1 to {MAX_CLASSES}")
    return [_observable(item) for item in data]


def _observable(data: Any) -> str | SparsePauliOp:
    terms = [[data, 1.0]] if isinstance(data, str) else data
    if not isinstance(terms, list) or not terms:
        raise InputError("an observable must be a Pauli label or a list of [label, coefficient]")
    for term in terms:
        if not isinstance(term, list) or len(term) != 2:
            raise InputError("a term of an observable must be [label, coefficient]")
        label, value = term
        if not isinstance(label, str) or not 1 <= len(label) <= 16 or set(label) - set("IXYZ"):
            raise InputError(f"a Pauli label must consist of I, X, Y, Z, got {label!r:.40}")
        if type(value) not in (int, float) or not math.isfinite(value):
            raise InputError("the coefficient of an observable must be a finite number")
    if isinstance(data, str):
        return data
    if len({len(label) for label, _ in terms}) != 1:
        raise InputError("the labels of an observable must have the same length")
    return SparsePauliOp.from_list([(label, value) for label, value in terms])
