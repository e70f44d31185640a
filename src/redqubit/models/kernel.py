"""Fidelity kernels of encoded samples, and the support vector machine on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from qiskit.circuit import QuantumCircuit
from sklearn.svm import SVC
from torch import Tensor

from redqubit import engine
from redqubit.circuits import angle, features, periods, weights
from redqubit.core.errors import BudgetExceededError, InputError
from redqubit.core.streams import stream
from redqubit.models.classifier import Classifier, whole
from redqubit.models.model import FloatArray
from redqubit.models.preprocess import warn_aliasing

MAX_GRAM_BYTES = 4 << 30
_BLOCK = 256  # rows at once: blocks that stay in the cache
_GROUP = 3  # qubits whose Bloch vectors are multiplied out

Embedding = tuple[Tensor, ...]


class FidelityKernel:
    """The fidelity ``|<a|b>|^2`` of samples encoded by a circuit without weights.

    States are compared through their amplitudes, or, for a circuit without entangling gates,
    through the Bloch vectors of the qubits: ``F = prod_q (1 + r_q . s_q) / 2``.

    Raises
    ------
    InputError
        The circuit has weights or no features.
    """

    def __init__(self, encoder: QuantumCircuit) -> None:
        if weights(encoder):
            raise InputError(
                "a kernel's encoder must not have weights, which nothing would train; bind them "
                "to numbers first"
            )
        if not features(encoder):
            raise InputError("a kernel's encoder must have features (parameters of vector 'x')")
        columns = {parameter: i for i, parameter in enumerate(features(encoder))}
        self.is_product = all(len(item.qubits) == 1 for item in encoder.data)
        parts = _single_qubits(encoder) if self.is_product else [encoder]
        self._programs = []
        for part in parts:
            used = features(part)
            if used:  # a qubit without features is in the same state for all samples
                labels = list("XYZ") if self.is_product else ["Z" * part.num_qubits]
                program = engine.compile(part, labels, used, (), dtype="complex128")
                self._programs.append((program, torch.tensor([columns[p] for p in used])))

    def embed(self, x: Tensor) -> Embedding:
        """Return what samples ``(B, F)`` are compared by: amplitudes, or products of Bloch vectors.

        A product state is given by the tensor products ``(B, 4^k)`` of ``(1, r_q)`` over groups of
        qubits, which turn the comparison into a few matrix products.
        """
        none = torch.zeros(0, dtype=torch.float64)
        if not self.is_product:
            return (self._programs[0][0].states(x, none),)
        one = torch.ones(len(x), 1, dtype=torch.float64)
        vectors = [
            torch.cat([one, program(x[:, used], none)], dim=1) for program, used in self._programs
        ]
        groups = []
        for first in range(0, len(vectors), _GROUP):
            group = vectors[first]
            for vector in vectors[first + 1 : first + _GROUP]:
                group = torch.einsum("bi,bj->bij", group, vector).flatten(1)
            groups.append(group)
        return tuple(groups)

    def compare(self, a: Embedding, b: Embedding) -> Tensor:
        """Return the fidelities ``(A, B)`` of two embedded sets, differentiable."""
        if not self.is_product:
            overlap = a[0] @ b[0].mH
            fidelities: Tensor = overlap.real.square() + overlap.imag.square()
            return fidelities
        fidelities = (a[0] * 0.5 ** len(self._programs)) @ b[0].mT
        for left, right in zip(a[1:], b[1:], strict=True):
            fidelities = fidelities * (left @ right.mT)
        return fidelities

    def __call__(self, X: ArrayLike, Z: ArrayLike | None = None) -> FloatArray:
        """Return the matrix ``(N, M)`` of fidelities between samples ``X`` and ``Z``.

        Without ``Z`` it is the Gram matrix of ``X``, symmetric with ones on the diagonal.

        Raises
        ------
        BudgetExceededError
            The matrix would take more than `MAX_GRAM_BYTES`.
        """
        first = torch.as_tensor(np.array(X, dtype=float))
        other = first if Z is None else torch.as_tensor(np.array(Z, dtype=float))
        needed = 8 * len(first) * len(other)
        if needed > MAX_GRAM_BYTES:
            raise BudgetExceededError(
                f"a Gram matrix of {len(first)} x {len(other)} samples takes {needed / 2**30:.1f} "
                f"GiB, the limit is {MAX_GRAM_BYTES / 2**30:.0f} GiB; use fewer samples"
            )
        matrix: FloatArray = np.empty((len(first), len(other)))
        with torch.no_grad():
            a = self.embed(first)
            b = a if Z is None else self.embed(other)
            for i in range(0, len(first), _BLOCK):
                start = i if Z is None else 0  # of a Gram matrix the upper blocks are enough
                rows = slice(i, i + _BLOCK)
                block = self.compare(_part(a, rows), _part(b, slice(start, None))).numpy()
                matrix[rows, start:] = block
                if Z is None:
                    matrix[start:, rows] = block.T
        if Z is not None:
            return matrix
        for i in range(0, len(matrix), _BLOCK):  # rounding differs on the two sides
            block = matrix[i : i + _BLOCK, i : i + _BLOCK]
            block[:] = (block + block.T) / 2
        np.fill_diagonal(matrix, 1.0)
        return matrix


def _single_qubits(encoder: QuantumCircuit) -> list[QuantumCircuit]:
    """Return a circuit of one qubit for each qubit of a circuit without entangling gates."""
    parts = [QuantumCircuit(1) for _ in encoder.qubits]
    for item in encoder.data:
        for bit in item.qubits:
            parts[encoder.find_bit(bit).index].append(item.operation, [0])
    return parts


def _part(embedding: Embedding, rows: slice) -> Embedding:
    return tuple(part[rows] for part in embedding)


class QSVM(Classifier):
    """A support vector machine on the fidelity kernel, one class against the rest.

    Parameters
    ----------
    encoder
        Circuit with features ``x`` and no weights; None is angle encoding.
    C
        Penalty of margin violations, > 0, as in `sklearn.svm.SVC`.
    shots
        Repetitions by which each kernel entry is estimated, as the overlap test does; None is
        exact. `logits` stays exact.
    seed
        Of the shots, unless ``fit`` gets another.

    Attributes
    ----------
    classes_, n_features_in_
        As in scikit-learn.
    support_vectors_
        Training samples that matter, ``(S, F)``.
    dual_coef_, intercept_
        Logits are ``kernel(x, support_vectors_) @ dual_coef_ + intercept_``, ``(S, C)``, ``(C,)``.

    Source: Havlicek et al., Nature 567, 209 (2019), arXiv:1804.11326, quantum kernel estimation.
    """

    _support: Embedding | None

    def __init__(
        self,
        encoder: QuantumCircuit | None = None,
        *,
        C: float = 1.0,
        shots: int | None = None,
        seed: int = 0,
    ) -> None:
        self.encoder = encoder
        self.C = C
        self.shots = shots
        self.seed = seed

    def fit(self, X: ArrayLike, y: ArrayLike, *, seed: int | None = None) -> Self:
        """Train on samples ``(N, F)`` in encoder angles and labels ``(N,)``."""
        if not np.isfinite(self.C) or self.C <= 0:
            raise InputError(f"C must be a finite number > 0, got {self.C!r}")
        matrix, codes = self._training_data(X, y)
        self._seed = self.seed if seed is None else seed
        self._check_encoder()
        warn_aliasing(matrix.min(axis=0), matrix.max(axis=0), periods(self._circuit()))
        gram = self._build_kernel()(matrix)
        if self.shots is not None:
            rng = stream(self._seed, "qsvm")
            upper = np.triu(_estimate(gram, self.shots, rng), 1)
            gram = upper + upper.T + np.eye(len(gram))
        single = len(self.classes_) == 2
        columns, offsets = [], []
        for code in range(1, 2) if single else range(len(self.classes_)):
            machine = SVC(C=self.C, kernel="precomputed").fit(gram, codes == code)
            column = np.zeros(len(matrix))
            column[machine.support_] = machine.dual_coef_[0]
            columns.append(column)
            offsets.append(float(machine.intercept_[0]))
        dual, intercept = np.stack(columns, axis=1), np.array(offsets)
        if single:  # two logits that differ by the decision value
            dual, intercept = dual * [-0.5, 0.5], intercept * np.array([-0.5, 0.5])
        used = np.flatnonzero(np.abs(dual).sum(axis=1))
        self.support_vectors_, self.dual_coef_ = matrix[used], dual[used]
        self.intercept_ = intercept
        return self

    def kernel(self, X: ArrayLike, Z: ArrayLike) -> FloatArray:
        """Return the exact fidelities ``(N, M)`` of two sets of samples."""
        return self._trained_kernel()(self._queries(X), self._queries(Z))

    def logits(self, x: Tensor) -> Tensor:
        """Return exact logits ``(B, C)`` of samples ``(B, F)``, differentiable in ``x``."""
        kernel = self._trained_kernel()
        if self._support is None:
            with torch.no_grad():
                self._support = kernel.embed(torch.as_tensor(self.support_vectors_))
        similarity = kernel.compare(kernel.embed(x), self._support)
        return similarity @ torch.as_tensor(self.dual_coef_) + torch.as_tensor(self.intercept_)

    def scores(self, X: ArrayLike) -> FloatArray:
        """Return logits ``(N, C)``; with ``shots``, estimated anew in every call."""
        if self.shots is not None:
            self._calls = getattr(self, "_calls", 0) + 1
            return self.sampled_scores(X, self.shots, stream(self._seed, "predict", self._calls))
        queries = self._queries(X)
        similarity = self._trained_kernel()(queries, self.support_vectors_)
        scores: FloatArray = similarity @ self.dual_coef_ + self.intercept_
        return scores

    def sampled_scores(self, X: ArrayLike, shots: int, rng: np.random.Generator) -> FloatArray:
        """Return logits ``(N, C)`` with kernel entries estimated from ``shots`` repetitions."""
        queries = self._queries(X)
        exact = self._trained_kernel()(queries, self.support_vectors_)
        scores: FloatArray = _estimate(exact, shots, rng) @ self.dual_coef_ + self.intercept_
        return scores

    def encoder_states(self, X: ArrayLike) -> NDArray[np.complex128]:
        """Return the states of the encoder, ``(N, 2^n)``; index bit 0 is qubit 0."""
        matrix, circuit = self._queries(X), self._circuit()
        program = engine.compile(
            circuit, ["Z" * circuit.num_qubits], features(circuit), (), dtype="complex128"
        )
        with torch.no_grad():
            none = torch.zeros(0, dtype=torch.float64)
            states: NDArray[np.complex128] = program.states(torch.as_tensor(matrix), none).numpy()
        return states

    def _restore(
        self, classes: NDArray[Any], n_features: int, arrays: Mapping[str, FloatArray]
    ) -> None:
        """Become the trained machine that a file describes; misfits are InputErrors."""
        self.classes_, self.n_features_in_ = classes, n_features
        C = len(classes)
        S = arrays["support_vectors"].shape[0] if arrays["support_vectors"].ndim else 0
        shapes = {"support_vectors": (S, n_features), "dual_coef": (S, C), "intercept": (C,)}
        for name, shape in shapes.items():
            if arrays[name].shape != shape:
                raise InputError(f"{name} must have shape {shape}, got {arrays[name].shape}")
            setattr(self, f"{name}_", arrays[name])
        self._check_encoder()
        if self.shots is not None:
            whole("shots", self.shots)
        self._seed = self.seed

    def _circuit(self) -> QuantumCircuit:
        return angle(self.n_features_in_) if self.encoder is None else self.encoder

    def _check_encoder(self) -> None:
        encoded = len(features(self._circuit()))
        if encoded != self.n_features_in_:
            raise InputError(
                f"the encoder takes {encoded} features, X has {self.n_features_in_}; reduce them "
                "with Preprocess, or choose another encoder"
            )

    def _build_kernel(self) -> FidelityKernel:
        self._kernel = FidelityKernel(self._circuit())
        self._support = None
        return self._kernel

    def _trained_kernel(self) -> FidelityKernel:
        self._require_fit()
        return self._kernel if hasattr(self, "_kernel") else self._build_kernel()

    def __getstate__(self) -> dict[str, object]:
        state: dict[str, object] = super().__getstate__()
        return {key: value for key, value in state.items() if key not in ("_kernel", "_support")}


def _estimate(fidelities: FloatArray, shots: int, rng: np.random.Generator) -> FloatArray:
    """Return the share of ``shots`` repetitions in which the overlap test answers yes."""
    shots = whole("shots", shots)
    estimated: FloatArray = rng.binomial(shots, np.clip(fidelities, 0.0, 1.0)) / shots
    return estimated
