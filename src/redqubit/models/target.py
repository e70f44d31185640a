"""What an attack gets to see: metered views of a victim that withhold everything else.

The type an attack's ``run`` asks for is its threat model. `Oracle` answers queries, `WhiteBox` adds
gradients, `TrainingData` is the access of a poisoner. The victim itself is held in closures that
meter every call, so a view has no attribute that leads to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NoReturn, get_args

import numpy as np
import torch
from torch import Tensor

from redqubit.core.errors import InputError, WithheldError, nearest, unknown
from redqubit.core.streams import stream
from redqubit.models.arrays import labels, samples
from redqubit.models.meter import Meter
from redqubit.models.model import Differentiable, Model

__all__ = ["Meter", "Oracle", "Returns", "TrainingData", "WhiteBox", "class_index"]

Array = np.ndarray[Any, np.dtype[Any]]
Returns = Literal["labels", "probabilities", "expectations"]


class _View:
    """Withholds: an attribute the view does not have is knowledge its threat model denies."""

    def __getattr__(self, name: str) -> NoReturn:
        refusal = getattr(type(self), name, None)
        if isinstance(refusal, property):  # Python hides what a property raised: raise it again
            refusal.__get__(self)
        granted = [item for item in dir(self) if not item.startswith("_")]
        view = type(self).__name__
        if name.startswith("__"):
            raise AttributeError(f"{view!r} object has no attribute {name!r}")
        raise WithheldError(
            f"target.{name} is withheld: an attack on a {view} knows only {', '.join(granted)}"
            f"{nearest(name, granted)}; if its threat model knows more, declare another target type"
        )


class Oracle(_View):
    """A prediction service: an attacker sends samples and reads answers.

    Parameters
    ----------
    model
        The victim as it is served, defenses included.
    X, y
        Samples under attack ``(N, F)`` in encoder angles (radians) and their true labels ``(N,)``.
    low, high
        The domain a legitimate sample lies in, ``(F,)`` or numbers. Queries may leave it;
        adversarial samples must not.
    returns
        What an answer holds: ``labels`` only, ``probabilities`` too, or ``expectations`` (the
        values of the observables) on top of both.
    shots
        Repetitions a circuit; None serves exact values. Needs a model with ``sampled_scores``.
    query_limit
        Queries the service answers in all; None for no limit.
    encoding, degrees
        The encoder's name, if the attacker knows it, and the highest frequency of each feature
        (1 for single-use angle encoding, the default).
    auxiliary
        ``(X, y)`` of the victim's distribution that the attacker owns, if any.
    seed
        Seeds the shot noise.
    """

    def __init__(
        self,
        model: Model,
        X: Array,
        y: Array,
        low: Array | float,
        high: Array | float,
        *,
        returns: Returns = "probabilities",
        shots: int | None = None,
        query_limit: int | None = None,
        encoding: str | None = None,
        degrees: tuple[int, ...] | None = None,
        auxiliary: tuple[Array, Array] | None = None,
        seed: int = 0,
    ) -> None:
        if returns not in get_args(Returns):
            raise unknown("kind of answer", str(returns), get_args(Returns))
        features = int(model.n_features_in_)
        self._X = _frozen(_samples(X, features))
        self._y = _frozen(labels(y, len(self._X)))
        self._classes = _frozen(np.asarray(model.classes_))
        self._domain = _domain(low, high, features)
        self._meter = Meter(query_limit)
        self._returns = returns
        self._encoding = encoding
        self._degrees = degrees if degrees is not None else (1,) * features
        if len(self._degrees) != features:
            raise InputError(f"degrees must name {features} features, got {len(self._degrees)}")
        self._auxiliary = None
        if auxiliary is not None:
            known = _frozen(_samples(auxiliary[0], features))
            self._auxiliary = (known, _frozen(labels(auxiliary[1], len(known))))
        self._answer = _service(model, self._meter, returns, shots, seed)

    @property
    def X(self) -> Array:  # noqa: N802 - the field's name for samples
        """Return the samples under attack, ``(N, F)``, read-only."""
        return self._X

    @property
    def y(self) -> Array:
        """Return their true labels, ``(N,)``, read-only."""
        return self._y

    @property
    def classes(self) -> Array:
        """Return the labels the service can answer, ``(C,)``."""
        return self._classes

    @property
    def n_features(self) -> int:
        """Return the number of features of a sample."""
        return int(self._X.shape[1])

    @property
    def domain(self) -> tuple[Array, Array]:
        """Return the lower and upper ends a legitimate feature has, two arrays ``(F,)``."""
        return self._domain

    @property
    def returns(self) -> Returns:
        """Return what an answer holds."""
        return self._returns

    @property
    def meter(self) -> Meter:
        """Return the meter of this target."""
        return self._meter

    @property
    def encoding(self) -> str | None:
        """Return the encoder's name, or None if the attacker does not know it."""
        return self._encoding

    @property
    def degrees(self) -> tuple[int, ...]:
        """Return the highest frequency of each feature; withheld when the encoding is."""
        if self._encoding is None:
            raise WithheldError(
                "target.degrees is withheld: this service hides its encoder; give the attacker "
                "the encoding, or use an attack that does not need it"
            )
        return self._degrees

    @property
    def auxiliary(self) -> tuple[Array, Array]:
        """Return samples and labels of the same distribution that the attacker owns."""
        if self._auxiliary is None:
            raise WithheldError(
                "target.auxiliary is withheld: this attacker owns no data of the victim's "
                "distribution; grant some, or sample queries uniformly"
            )
        return self._auxiliary

    def predict(self, X: Array) -> Array:
        """Return labels ``(B,)`` for samples ``(B, F)``; B queries."""
        return self._answer("labels", X)

    def predict_proba(self, X: Array) -> Array:
        """Return class probabilities ``(B, C)`` for samples ``(B, F)``; B queries."""
        return self._answer("probabilities", X)

    def log_scores(self, X: Array) -> Array:
        """Return logarithms of the class probabilities, ``(B, C)``; B queries.

        They are the logits up to a constant a sample. A probability answered as 0 counts as the
        smallest float, about ``exp(-708)``.
        """
        return np.asarray(np.log(np.maximum(self.predict_proba(X), np.finfo(float).tiny)))

    def expectation_values(self, X: Array) -> Array:
        """Return the observables' values ``(B, K)`` for samples ``(B, F)``; B queries."""
        return self._answer("expectations", X)


class WhiteBox(Oracle):
    """An oracle whose attacker also differentiates the victim: he holds circuit and weights.

    Takes the arguments of `Oracle`; ``model`` must be differentiable. One query a sample and
    evaluation; a gradient costs two circuits more for each occurrence of a feature.
    """

    def __init__(self, model: Differentiable, *args: Any, **settings: Any) -> None:
        if not callable(getattr(model, "logits", None)):
            raise InputError(
                f"a WhiteBox needs a model with logits(x), got {type(model).__name__}, which has "
                f"no gradient; attack it through an Oracle"
            )
        super().__init__(model, *args, **settings)
        meter, shifts = self._meter, 2 * sum(self._degrees)

        def evaluate(x: Tensor) -> Tensor:
            shape = tuple(x.shape)
            if len(shape) != 2 or shape[1] != model.n_features_in_:
                raise InputError(f"logits needs (B, {model.n_features_in_}), got {shape}")
            gradients = shape[0] if x.requires_grad and torch.is_grad_enabled() else 0
            meter.spend(shape[0], circuits=shape[0] + shifts * gradients, gradients=gradients)
            return model.logits(x)

        self._evaluate = evaluate

    def logits(self, x: Tensor) -> Tensor:
        """Return logits ``(B, C)`` of samples ``(B, F)``, differentiable in ``x``; B queries."""
        return self._evaluate(x)

    def loss_gradient(self, X: Array, y: Array) -> Array:
        """Return the gradient of the cross entropy with respect to each sample, ``(B, F)``."""
        x = torch.tensor(np.asarray(X), dtype=torch.float64, requires_grad=True)
        index = torch.as_tensor(class_index(self.classes, y))
        loss = torch.nn.functional.cross_entropy(self.logits(x), index, reduction="sum")
        (gradient,) = torch.autograd.grad(loss, x)
        return gradient.numpy()


class TrainingData(_View):
    """The access of an insider who can rewrite the training set, and may know the encoder.

    Parameters
    ----------
    X, y
        Training samples ``(N, F)`` in encoder angles and their labels ``(N,)``.
    classes
        The labels in use, ``(C,)``; those of ``y`` when None.
    encoder
        ``(B, F) -> (B, 2^n)`` states or ``(B, 2^n, 2^n)`` density matrices, if the attacker knows
        the encoding circuit; None withholds it.
    """

    def __init__(
        self,
        X: Array,
        y: Array,
        *,
        classes: Array | None = None,
        encoder: Callable[[Array], Array] | None = None,
    ) -> None:
        self._X = _frozen(samples(X))
        self._y = _frozen(labels(y, len(self._X)))
        self._classes = _frozen(np.unique(self._y) if classes is None else np.asarray(classes))
        self._meter = meter = Meter()
        self._encode: Callable[[Array], Array] | None = None
        if encoder is not None:
            run, features = encoder, self._X.shape[1]

            def encode(X: Array) -> Array:
                matrix = _samples(X, features)
                meter.spend(0, circuits=len(matrix))
                return _frozen(run(matrix))

            self._encode = encode

    @property
    def X(self) -> Array:  # noqa: N802 - the field's name for samples
        """Return the training samples, ``(N, F)``, read-only."""
        return self._X

    @property
    def y(self) -> Array:
        """Return the training labels, ``(N,)``, read-only."""
        return self._y

    @property
    def classes(self) -> Array:
        """Return the labels in use, ``(C,)``, sorted."""
        return self._classes

    @property
    def n_features(self) -> int:
        """Return the number of features of a sample."""
        return int(self._X.shape[1])

    @property
    def meter(self) -> Meter:
        """Return the meter of this target; encoder runs count as circuits."""
        return self._meter

    def encoder_states(self, X: Array) -> Array:
        """Return the encoder's states for samples ``(B, F)``; B circuits.

        Raises
        ------
        WithheldError
            The attacker does not know the encoding circuit.
        """
        if self._encode is None:
            raise WithheldError(
                "target.encoder_states is withheld: this attacker does not know the encoding "
                "circuit; grant the encoder, or use an attack on labels alone"
            )
        return self._encode(X)


def class_index(classes: Array, y: Array) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the position of every label of ``y`` in the sorted ``classes``.

    Raises
    ------
    InputError
        A label that is not among the classes.
    """
    labels = np.asarray(y)
    index = np.searchsorted(classes, labels).clip(0, len(classes) - 1)
    wrong = np.flatnonzero(np.asarray(classes)[index] != labels)
    if wrong.size:
        raise InputError(
            f"a label must be one of {np.asarray(classes).tolist()}, got {labels[wrong[0]]!r} "
            f"at sample {wrong[0]}"
        )
    return index.astype(np.int64)


def _service(
    model: Model, meter: Meter, returns: Returns, shots: int | None, seed: int
) -> Callable[[Returns, Array], Array]:
    """Build the only way to the model: it meters, and refuses what is not served."""
    kinds: tuple[Returns, ...] = get_args(Returns)
    if shots is not None and (shots < 1 or not callable(getattr(model, "sampled_scores", None))):
        raise InputError(
            f"shots must be None, or >= 1 for a model that samples (sampled_scores); got {shots} "
            f"for {type(model).__name__}"
        )
    noise = stream(seed, "oracle")

    source: Any = model  # sampling and expectation values are not every model's
    repetitions = getattr(model, "shots", None) if shots is None else shots

    def answer(kind: Returns, X: Array) -> Array:
        if kinds.index(kind) > kinds.index(returns):
            raise WithheldError(
                f"{kind} are withheld: this service returns {returns} only; use an attack that "
                f"needs no more"
            )
        matrix = np.array(_samples(X, int(model.n_features_in_)))  # models may want to write
        meter.spend(len(matrix), shots=len(matrix) * (repetitions or 0))
        if kind == "expectations":
            return np.asarray(source.expectation_values(matrix))
        if shots is None:
            return np.asarray(
                model.predict(matrix) if kind == "labels" else model.predict_proba(matrix)
            )
        scores = np.asarray(source.sampled_scores(matrix, shots, noise))
        if kind == "labels":
            return np.asarray(model.classes_[np.argmax(scores, axis=1)])
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    return answer


def _frozen(array: Array) -> Array:
    copy = np.array(array)
    copy.setflags(write=False)
    return copy


def _samples(X: Array, features: int) -> Array:
    matrix = samples(X, "samples")
    if matrix.shape[1] != features:
        raise InputError(f"samples must have shape (B, {features}), got {matrix.shape}")
    return matrix


def _domain(low: Array | float, high: Array | float, features: int) -> tuple[Array, Array]:
    ends = [np.broadcast_to(np.asarray(end, dtype=float), (features,)) for end in (low, high)]
    if not (ends[0] <= ends[1]).all():
        raise InputError("the domain needs low <= high in every feature; swap them")
    return _frozen(ends[0]), _frozen(ends[1])
