"""A trained circuit with a linear head: how it predicts, and what can be known about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from qiskit.circuit import QuantumCircuit
from torch import Tensor

from redqubit import engine
from redqubit.circuits import angle, features, join, strongly_entangling, weights
from redqubit.core.errors import InputError
from redqubit.core.streams import stream
from redqubit.engine.noise import Noise
from redqubit.models.classifier import Classifier, whole
from redqubit.models.model import FloatArray
from redqubit.models.train import LossName, sample_losses

if TYPE_CHECKING:
    from redqubit.engine.closed_form import ClosedForm, QuadraticForm
    from redqubit.engine.program import Frozen, Program

Head = Literal["linear", "expectations"]
Dtype = Literal["complex64", "complex128"]

MAX_DEFAULT_FEATURES = 12
_CHUNK = 1 << 22  # amplitudes held at once when many samples are evaluated


class CircuitModel(Classifier):
    """What a `QNN` is once it has its parameters.

    The compiled circuit and its frozen form are derived: they are rebuilt where they are missing,
    so copies, pickles and files hold numbers alone.
    """

    encoder: QuantumCircuit | None
    ansatz: QuantumCircuit | None
    observables: Sequence[Any] | None
    head: Head
    loss: LossName
    shots: int | None
    seed: int
    noise: Noise | Mapping[str, Any] | None
    dtype: Dtype
    device: str
    circuit_: QuantumCircuit
    weights_: FloatArray
    head_weight_: FloatArray
    head_bias_: FloatArray
    _seed: int
    _program: Program | None = None
    _frozen: Frozen | None = None
    _calls: int = 0

    def logits(self, x: Tensor) -> Tensor:
        """Return exact logits ``(B, C)`` of samples ``(B, F)``, differentiable in ``x``."""
        expectations = self._expectations(x)
        weight = torch.as_tensor(self.head_weight_).to(expectations)
        return expectations @ weight.mT + torch.as_tensor(self.head_bias_).to(expectations)

    def scores(self, X: ArrayLike) -> FloatArray:
        """Return logits ``(N, C)``; with ``shots``, sampled anew in every call."""
        if self.shots is None:
            return self._in_chunks(X, self.logits)
        self._require_fit()
        self._calls += 1
        return self.sampled_scores(X, self.shots, stream(self._seed, "predict", self._calls))

    def sampled_scores(self, X: ArrayLike, shots: int, rng: np.random.Generator) -> FloatArray:
        """Return logits ``(N, C)`` of expectation values estimated from ``shots`` repetitions."""
        self._require_fit()
        program, w = self._compiled(), torch.as_tensor(self.weights_)
        shots = whole("shots", shots)
        values = self._in_chunks(X, lambda x: program.sample(x, w, shots, rng))
        scores: FloatArray = values @ self.head_weight_.T + self.head_bias_
        return scores

    def expectation_values(self, X: ArrayLike) -> FloatArray:
        """Return the exact values of the observables, ``(N, K)``."""
        return self._in_chunks(X, self._expectations)

    def encoder_states(self, X: ArrayLike) -> NDArray[np.complex128]:
        """Return the noiseless states of the encoder alone, ``(N, 2^n)``.

        Index bit 0 is qubit 0. A trainable encoder has its trained weights.
        """
        matrix = self._queries(X)
        encoder = angle(self.n_features_in_) if self.encoder is None else self.encoder
        own = weights(encoder)
        program = engine.compile(
            encoder, ["Z" * encoder.num_qubits], features(encoder), own, dtype="complex128"
        )
        with torch.no_grad():
            w = torch.as_tensor(self.weights_[: len(own)])
            states: NDArray[np.complex128] = program.states(torch.as_tensor(matrix), w).numpy()
        return states

    def closed_form(self) -> ClosedForm | QuadraticForm | None:
        """Return the logits as one real tensor, or None where that would be too large."""
        self._require_fit()
        form = self._frozen_model().closed_form
        if form is None:
            return None
        head = torch.as_tensor(self.head_weight_), torch.as_tensor(self.head_bias_)
        return form.contract_head(*head)

    def per_sample_gradients(self, X: ArrayLike, y: ArrayLike) -> FloatArray:
        """Return the exact gradient of each sample's loss by all parameters, ``(N, P)``.

        The order is that of ``weights_``, then (head ``linear``) ``head_weight_`` by rows, then
        ``head_bias_``.
        """
        matrix = self._queries(X)
        codes = self._codes(y, len(matrix))
        program, theta = self._compiled(), torch.tensor(self._parameters(), requires_grad=True)
        W = len(self.weights_)
        gradients = []
        for i, code in enumerate(torch.as_tensor(codes)):
            x = torch.as_tensor(matrix[i : i + 1])
            logits = self._apply_head(theta[W:], program(x, theta[:W]).to(theta))
            loss = sample_losses(logits, code[None], self.loss).sum()
            gradients.append(torch.autograd.grad(loss, theta)[0])
        stacked: FloatArray = torch.stack(gradients).numpy()
        return stacked

    def _expectations(self, x: Tensor) -> Tensor:
        self._require_fit()
        if x.dim() != 2 or x.shape[1] != self.n_features_in_:
            raise InputError(f"logits needs (B, {self.n_features_in_}), got {tuple(x.shape)}")
        frozen = self._frozen_model()
        form = frozen.closed_form if frozen.uses_closed_form else None
        return frozen(x) if form is None else form(x)  # the form keeps the precision of x

    def _in_chunks(self, X: ArrayLike, evaluate: Callable[[Tensor], Tensor]) -> FloatArray:
        """Evaluate samples in portions whose states fit into memory."""
        matrix = torch.as_tensor(self._queries(X), device=self.device)
        size = max(1, _CHUNK >> self.circuit_.num_qubits)
        with torch.no_grad():
            starts = range(0, len(matrix), size)
            parts = [evaluate(matrix[i : i + size]).double().cpu() for i in starts]
        values: FloatArray = torch.cat(parts).numpy()
        return values

    def _build_circuit(self) -> QuantumCircuit:
        encoder, ansatz = self.encoder, self.ansatz
        if encoder is None:
            if self.n_features_in_ > MAX_DEFAULT_FEATURES:
                raise InputError(
                    f"angle encoding takes a qubit a feature, and X has {self.n_features_in_}; "
                    f"reduce it to at most {MAX_DEFAULT_FEATURES} with Preprocess('pca', "
                    "features=...), or choose an encoder"
                )
            encoder = angle(self.n_features_in_)
            if ansatz is None:
                ansatz = strongly_entangling(self.n_features_in_, layers=3)
        for name, part in (("encoder", encoder), ("ansatz", ansatz)):
            if part is not None and not isinstance(part, QuantumCircuit):
                raise InputError(f"{name} must be a QuantumCircuit, got {type(part).__name__}")
        circuit = encoder if ansatz is None else join(encoder, ansatz)
        if not weights(circuit):
            raise InputError(
                "the circuit has no trainable weights; give an ansatz, for example "
                f"circuits.strongly_entangling({circuit.num_qubits}, layers=3)"
            )
        encoded = len(features(circuit))
        if encoded != self.n_features_in_:
            raise InputError(
                f"the encoder takes {encoded} features, X has {self.n_features_in_}; reduce them "
                f"with Preprocess('pca', features={encoded}) or choose another encoder"
            )
        return circuit

    def _observables(self) -> list[Any]:
        n = self.circuit_.num_qubits
        if self.observables is None:
            return ["I" * (n - 1 - q) + "Z" + "I" * q for q in range(n)]
        return list(self.observables)

    def _noise(self) -> Noise | None:
        if self.noise is None or isinstance(self.noise, Noise):
            return self.noise
        return Noise.from_json(self.noise)

    def _compiled(self) -> Program:
        if self._program is None:
            self._program = engine.compile(
                self.circuit_,
                self._observables(),
                features(self.circuit_),
                weights(self.circuit_),
                noise=self._noise(),
                dtype=self.dtype,
                device=self.device,
            )
        return self._program

    def _frozen_model(self) -> Frozen:
        if self._frozen is None:
            self._frozen = self._compiled().freeze(torch.as_tensor(self.weights_))
        return self._frozen

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        return {key: value for key, value in state.items() if key not in ("_program", "_frozen")}

    def _sizes(self) -> tuple[int, int, int]:
        """Return the numbers of weights, observables and classes."""
        observables = self.observables
        n_observables = self.circuit_.num_qubits if observables is None else len(observables)
        return len(weights(self.circuit_)), n_observables, len(self.classes_)

    def _apply_head(self, theta: Tensor, expectations: Tensor) -> Tensor:
        """Return logits ``(..., B, C)`` of expectations ``(..., B, K)`` and the head's part."""
        _, K, C = self._sizes()
        if self.head == "expectations":
            return expectations[..., :C]
        weight = theta[..., : C * K].reshape(*theta.shape[:-1], C, K)
        logits: Tensor = expectations @ weight.mT + theta[..., C * K :].unsqueeze(-2)
        return logits

    def _parameters(self) -> FloatArray:
        """Return all trainable parameters in one vector ``(P,)``."""
        if self.head == "expectations":
            return self.weights_
        return np.concatenate([self.weights_, self.head_weight_.ravel(), self.head_bias_])

    def _set_parameters(self, theta: FloatArray) -> None:
        """Take all trainable parameters ``(P,)`` over; what depends on them is built anew."""
        W, K, C = self._sizes()
        self.weights_ = theta[:W].copy()
        if self.head == "linear":
            self.head_weight_ = theta[W : W + C * K].reshape(C, K).copy()
            self.head_bias_ = theta[W + C * K :].copy()
        else:
            self.head_weight_, self.head_bias_ = np.eye(C, K), np.zeros(C)
        self._frozen = None

    def _restore(
        self, classes: NDArray[Any], n_features: int, arrays: Mapping[str, FloatArray]
    ) -> None:
        """Become the trained model that a file describes; sizes that do not fit are InputErrors."""
        self.classes_, self.n_features_in_ = classes, n_features
        self.circuit_ = self._build_circuit()
        W, K, C = self._sizes()
        for name, shape in (("weights", (W,)), ("head_weight", (C, K)), ("head_bias", (C,))):
            if arrays[name].shape != shape:
                raise InputError(f"{name} must have shape {shape}, got {arrays[name].shape}")
            setattr(self, f"{name}_", arrays[name])
        self._noise()
        if self.shots is not None:
            whole("shots", self.shots)
        self._seed = self.seed
