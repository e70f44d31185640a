"""Model extraction by training a substitute on the service's answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias, get_args

import numpy as np

from redqubit.attacks.clone import Clone
from redqubit.attacks.extraction import queries as sampling
from redqubit.attacks.extraction.substitute import FAMILIES, Family, train
from redqubit.attacks.outcome import Array, Extraction
from redqubit.core.errors import InputError, unknown
from redqubit.models.target import Oracle, class_index

Sampling: TypeAlias = Literal["uniform", "in_distribution", "adaptive"]
Answers: TypeAlias = Literal["labels", "probabilities"]
ROUNDS, POOL = 4, 2000  # of adaptive sampling: batches of queries, candidates for each


@dataclass(frozen=True)
class LearnedExtraction:
    """Ask, store the answers, train a substitute on them.

    Parameters
    ----------
    queries
        Inputs sent in all.
    sampling
        ``uniform`` in the domain; ``in_distribution``, the attacker's own samples and noisy copies
        of them; ``adaptive``, a quarter uniform and then in rounds where the substitute is least
        certain (smallest margin).
    answers
        Train on ``probabilities``, or on ``labels`` alone.
    substitute
        ``qnn`` (the attacker guesses angle encoding and strongly entangling layers, one qubit a
        feature) or ``mlp``.
    layers
        Of the substitute.
    epochs, learning_rate, batch_size
        Of its training with Adam.

    Source: Kundu, Kundu, Ghosh, GLSVLSI 2024, arXiv:2402.11687 (cloud QNNs); Tramer et al.,
    USENIX Security 2016, section 6 (adaptive queries).
    """

    name: ClassVar[str] = "learned_extraction"
    technique: ClassVar[str] = "QML.T0020"
    title: ClassVar[str] = "Model extraction with a learned substitute"

    queries: int = 128
    sampling: Sampling = "uniform"
    answers: Answers = "probabilities"
    substitute: Family = "qnn"
    layers: int = 3
    epochs: int = 60
    learning_rate: float = 0.05
    batch_size: int = 16

    def __post_init__(self) -> None:
        for kind, value, options in (
            ("sampling", self.sampling, get_args(Sampling)),
            ("kind of answers", self.answers, get_args(Answers)),
            ("substitute", self.substitute, get_args(Family)),
        ):
            if value not in options:
                raise unknown(kind, str(value), options)
        whole = {
            name: getattr(self, name) for name in ("queries", "layers", "epochs", "batch_size")
        }
        if min(whole.values()) < 1 or not self.learning_rate > 0:
            raise InputError(f"{', '.join(whole)} must be >= 1 and learning_rate > 0, got {whole}")

    def run(self, target: Oracle, rng: np.random.Generator) -> Extraction:
        """Query, in rounds if adaptive, and train on everything that came back.

        Raises
        ------
        WithheldError
            Probabilities or own samples are needed and not granted.
        """
        if self.sampling == "adaptive":
            X, Y = self._adaptive(target, rng)
        else:
            X = sampling.draw(self.sampling, target, self.queries, rng)
            Y = self._ask(target, X)
        seen = np.unique(Y.argmax(axis=1)).size
        return Extraction(
            self._train(target, X, Y, rng),
            X,
            (f"{len(X)} {self.sampling} queries returned {seen} of {Y.shape[1]} classes",),
            {"queries": float(len(X)), "classes_seen": float(seen)},
        )

    def _adaptive(self, target: Oracle, rng: np.random.Generator) -> tuple[Array, Array]:
        """Spend the queries in rounds, each where the last substitute is least certain."""
        sizes = [len(part) for part in np.array_split(np.arange(self.queries), ROUNDS)]
        X = sampling.draw("uniform", target, sizes[0], rng)
        Y = self._ask(target, X)
        for size in [size for size in sizes[1:] if size]:
            clone = self._train(target, X, Y, rng)
            pool = sampling.draw("uniform", target, max(POOL, size), rng)
            top = np.sort(clone.predict_proba(pool), axis=1)
            chosen = pool[np.argsort(top[:, -1] - top[:, -2], kind="stable")[:size]]
            X, Y = np.concatenate([X, chosen]), np.concatenate([Y, self._ask(target, chosen)])
        return X, Y

    def _ask(self, target: Oracle, X: Array) -> Array:
        """Return the answers as a distribution over classes, ``(Q, C)``."""
        if self.answers == "probabilities":
            return target.predict_proba(X)
        return np.asarray(
            np.eye(len(target.classes))[class_index(target.classes, target.predict(X))]
        )

    def _train(self, target: Oracle, X: Array, Y: Array, rng: np.random.Generator) -> Clone:
        build = FAMILIES[self.substitute]
        return train(
            build(target.n_features, len(target.classes), self.layers, rng),
            X,
            Y,
            target.classes,
            epochs=self.epochs,
            learning_rate=self.learning_rate,
            batch_size=self.batch_size,
            rng=rng,
        )
