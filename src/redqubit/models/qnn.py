"""A quantum neural network: a circuit, observables and a linear head, as scikit-learn has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self, get_args

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from qiskit.circuit import QuantumCircuit
from torch import Tensor

from redqubit.circuits import periods
from redqubit.core.errors import InputError, unknown
from redqubit.core.streams import stream
from redqubit.engine.noise import Noise
from redqubit.models.circuit_model import CircuitModel, Dtype, Head
from redqubit.models.classifier import whole
from redqubit.models.model import FloatArray
from redqubit.models.optimizers import OptimizerName, make_optimizer
from redqubit.models.preprocess import warn_aliasing
from redqubit.models.sampling import SampledExpectations, shift_circuits
from redqubit.models.train import LossName, Watch, minimize, sample_losses

Callback = Callable[[int, float, "QNN"], bool | None]
Progress = Callable[[int, int, float], None]


class QNN(CircuitModel):
    """Classify by expectation values of a trainable circuit.

    The logits are ``head_weight_ @ expectation_values + head_bias_`` (head ``linear``) or the first
    expectation values themselves (head ``expectations``, one for each class).

    Parameters
    ----------
    encoder, ansatz
        Circuits with features ``x`` and weights ``w``. Without an encoder: angle encoding of as
        many qubits as features, and three strongly entangling layers unless there is an ansatz.
        Without an ansatz the encoder must have weights itself.
    classes
        How many classes there must be, or the labels themselves, which training samples may then
        lack. None takes what the training labels show.
    observables
        Pauli labels, rightmost letter on qubit 0, or `SparsePauliOp`; None is Z on every qubit.
    loss
        ``cross_entropy`` of the softmax, or ``mse`` to +1 and -1 (see `sample_losses`).
    optimizer, learning_rate, batch_size, epochs
        ``adam``, ``amsgrad`` or ``spsa``, on mini-batches drawn without replacement. SPSA, which
        moves along one random direction a step, wants a rate ten to thirty times larger.
    shots
        Repetitions of each circuit in training and prediction; None is exact. With shots, Adam
        takes parameter-shift gradients of sampled values. `logits` stays exact.
    noise
        A `Noise`, or the mapping its ``to_json`` writes.
    loss_threshold
        Stop once the mean loss of an epoch is below it.
    callbacks
        Called as ``callback(epoch, loss, model)`` after each epoch; a true answer ends training.
    progress
        Called as ``progress(epoch, epochs, loss)`` after each epoch.
    seed
        Of initial weights, batches and shots, unless ``fit`` gets another.
    dtype, device
        ``complex64`` or ``complex128``, and where to compute, as for `redqubit.engine.compile`.

    Attributes
    ----------
    classes_, n_features_in_
        As in scikit-learn.
    circuit_
        Encoder and ansatz joined.
    weights_, head_weight_, head_bias_
        Trained parameters ``(W,)``, ``(C, K)``, ``(C,)``.
    loss_curve_
        Mean loss of each epoch.
    executions_
        Circuits a quantum computer would have run in training, shots not counted: SPSA two for
        each sample of a step, a gradient by the parameter shift two more for each weight's
        occurrence.

    Raises
    ------
    InputError
        Sizes that do not fit, unknown names, samples that are not finite.
    """

    def __init__(
        self,
        encoder: QuantumCircuit | None = None,
        ansatz: QuantumCircuit | None = None,
        *,
        classes: int | Sequence[Any] | None = None,
        observables: Sequence[Any] | None = None,
        head: Head = "linear",
        loss: LossName = "cross_entropy",
        optimizer: OptimizerName = "adam",
        learning_rate: float = 0.03,
        batch_size: int = 32,
        epochs: int = 25,
        shots: int | None = None,
        noise: Noise | Mapping[str, Any] | None = None,
        loss_threshold: float | None = None,
        callbacks: Sequence[Callback] = (),
        progress: Progress | None = None,
        seed: int = 0,
        dtype: Dtype = "complex64",
        device: str = "cpu",
    ) -> None:
        self.encoder = encoder
        self.ansatz = ansatz
        self.classes = classes
        self.observables = observables
        self.head = head
        self.loss = loss
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.epochs = epochs
        self.shots = shots
        self.noise = noise
        self.loss_threshold = loss_threshold
        self.callbacks = callbacks
        self.progress = progress
        self.seed = seed
        self.dtype = dtype
        self.device = device

    def fit(self, X: ArrayLike, y: ArrayLike, *, seed: int | None = None) -> Self:
        """Train on samples ``(N, F)`` in encoder angles and labels ``(N,)``."""
        matrix, codes = self._prepare(X, y)
        seed = self.seed if seed is None else seed

        def watch(epoch: int, losses: FloatArray, theta: Tensor) -> bool:
            loss = float(losses[0])
            if self.progress:
                self.progress(epoch + 1, self.epochs, loss)
            if self.callbacks:
                self._set_parameters(_numbers(theta[0]))
            answers = [callback(epoch, loss, self) for callback in self.callbacks]
            return any(answers)

        theta, curve = self._train(matrix, codes[None], seed, watch)
        self._set_parameters(_numbers(theta[0]))
        self._frozen_model()
        self.loss_curve_ = [float(losses[0]) for losses in curve]
        return self

    def fit_many(self, X: ArrayLike, Y: ArrayLike, *, seed: int | None = None) -> list[QNN]:
        """Train a model for each row of labels ``Y`` ``(M, N)`` on the same samples, at once.

        The models are those that ``fit(X, Y[m], seed=seed)`` gives, several times faster.

        Raises
        ------
        InputError
            Callbacks or shots are set, or the rows differ in their classes.
        """
        if self.callbacks or self.shots is not None:
            raise InputError(
                "fit_many trains exactly and without callbacks; fit models with callbacks or shots "
                "one by one"
            )
        seed = self.seed if seed is None else seed
        rows = np.asarray(Y)
        if rows.ndim != 2 or len(rows) == 0:
            raise InputError(f"fit_many needs labels (M, N) of M >= 1 models, got {rows.shape}")
        models: list[QNN] = []
        codes = []
        for row in rows:
            model = type(self)(**self.get_params(deep=False))
            matrix, row_codes = model._prepare(X, row)
            if models and not np.array_equal(model.classes_, models[0].classes_):
                raise InputError(
                    f"all rows of Y must have the same classes, got {models[0].classes_.tolist()} "
                    f"and {model.classes_.tolist()}; give the labels as classes=[...]"
                )
            models.append(model)
            codes.append(row_codes)
        first = models[0]
        theta, curve = first._train(matrix, np.stack(codes), seed, None)
        for m, model in enumerate(models):
            model._evaluations, model._seed = first._evaluations, seed
            model._program = first._program
            model._set_parameters(_numbers(theta[m]))
            model.loss_curve_ = [float(losses[m]) for losses in curve]
        return models

    @property
    def executions_(self) -> int:
        """Return the circuits a quantum computer would have run in training."""
        self._require_fit()
        program = self._compiled()
        shifted = 0 if self.optimizer == "spsa" else shift_circuits(program)
        return self._evaluations * (program.executions + shifted)

    def _prepare(self, X: ArrayLike, y: ArrayLike) -> tuple[FloatArray, NDArray[np.int64]]:
        """Check data against the circuit and compile it."""
        if self.head not in get_args(Head):
            raise unknown("head", str(self.head), get_args(Head))
        if self.loss not in get_args(LossName):
            raise unknown("loss", str(self.loss), get_args(LossName))
        if self.shots is not None:
            whole("shots", self.shots)
        matrix, codes = self._training_data(X, y)
        codes = self._fix_classes(codes)
        self.circuit_ = self._build_circuit()
        self._program = self._frozen = None
        self._compiled()
        _, K, C = self._sizes()
        if self.head == "expectations" and K < C:
            raise InputError(
                f"head 'expectations' needs an observable for each of {C} classes, got {K}; use "
                "head='linear'"
            )
        warn_aliasing(matrix.min(axis=0), matrix.max(axis=0), periods(self.circuit_))
        return matrix, codes

    def _fix_classes(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Compare the labels seen with the ``classes`` parameter; return the codes to use."""
        if self.classes is None:
            return codes
        if isinstance(self.classes, int | np.integer):
            if len(self.classes_) != self.classes:
                raise InputError(
                    f"classes={self.classes}, but y has {len(self.classes_)} labels: "
                    f"{self.classes_.tolist()}"
                )
            return codes
        known = np.unique(np.asarray(self.classes))
        foreign = self.classes_[~np.isin(self.classes_, known)]
        if len(foreign):
            raise InputError(f"y has labels {foreign.tolist()} outside classes {known.tolist()}")
        codes = np.searchsorted(known, self.classes_)[codes]
        self.classes_ = known
        return codes

    def _train(
        self, X: FloatArray, codes: NDArray[np.int64], seed: int, watch: Watch | None
    ) -> tuple[Tensor, list[FloatArray]]:
        """Train one row of parameters for each row of ``codes`` ``(M, N)`` from the same start."""
        rng = stream(seed, "qnn")
        W, K, C = self._sizes()
        start = [rng.uniform(0.0, 2 * np.pi, W)]
        if self.head == "linear":
            start += [rng.normal(0.0, K**-0.5, C * K), np.zeros(C)]
        real = torch.float64 if self.dtype == "complex128" else torch.float32
        theta = torch.tensor(np.concatenate(start), dtype=real, device=self.device)
        x = torch.tensor(X, dtype=real, device=self.device)
        labels = torch.tensor(codes, device=self.device)
        values = SampledExpectations(self._compiled(), self.shots, stream(seed, "qnn", "shots"))
        self._evaluations, self._seed = 0, seed

        def batch_loss(theta: Tensor, rows: Tensor) -> Tensor:
            self._evaluations += len(rows)
            expectations = values(x[rows], theta[..., :W])
            logits = self._apply_head(theta[..., W:], expectations)
            return sample_losses(logits, labels[:, rows], self.loss).mean(-1)

        return minimize(
            theta.repeat(len(codes), 1),
            batch_loss,
            make_optimizer(self.optimizer, self.learning_rate, rng),
            rng,
            samples=len(X),
            batch_size=whole("batch_size", self.batch_size),
            epochs=whole("epochs", self.epochs),
            threshold=self.loss_threshold,
            watch=watch,
        )


def _numbers(theta: Tensor) -> FloatArray:
    numbers: FloatArray = theta.detach().double().cpu().numpy()
    return numbers
