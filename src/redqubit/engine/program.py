"""One circuit, compiled: expectation values, states, samples, and the frozen model."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence
from typing import Literal, get_args

import numpy as np
import torch
from qiskit.circuit import Parameter, QuantumCircuit
from qiskit.quantum_info import Pauli, SparsePauliOp

from redqubit.core.errors import BudgetExceededError, InputError, unknown
from redqubit.engine import sampling
from redqubit.engine.closed_form import ClosedForm, QuadraticForm
from redqubit.engine.closed_form_build import Coverage, build, cost
from redqubit.engine.lowering import Lowered, lower
from redqubit.engine.noise import Noise
from redqubit.engine.observables import parse
from redqubit.engine.pauli_transfer import PauliTransferProgram
from redqubit.engine.state_vector import StateVector

Name = Literal["auto", "state_vector", "pauli_transfer"]
DTYPES = {"complex64": torch.float32, "complex128": torch.float64}
MEMORY_LIMIT = 4 * 2**30
TYPICAL_BATCH = 128
CHEAP_BUILD = 1e9

Observables = Sequence[str | Pauli | SparsePauliOp]
Form = ClosedForm | QuadraticForm


def compile(
    circuit: QuantumCircuit,
    observables: Observables,
    features: Sequence[Parameter],
    weights: Sequence[Parameter],
    noise: Noise | None = None,
    *,
    program: Name = "auto",
    dtype: str = "complex64",
    device: str | torch.device = "cpu",
    memory_limit: int = MEMORY_LIMIT,
) -> Program:
    """Compile a circuit to a batched, differentiable function of features and weights.

    Parameters
    ----------
    circuit
        Unitary, at most 16 qubits, without measurements.
    observables
        Pauli labels (the rightmost letter is qubit 0) or Qiskit operators with real coefficients.
    features, weights
        The circuit's parameters in the order of ``x`` and ``w``.
    noise
        Channels after gates and readout error; None is the ideal circuit.
    program
        ``state_vector`` (no noise), ``pauli_transfer``, or ``auto``: the first without noise, the
        second with it.
    dtype
        ``complex64`` or ``complex128``; values are float32 or float64.
    device
        A torch device.
    memory_limit
        Bytes that one call may hold.

    Raises
    ------
    InputError
        A circuit, observable or option that cannot be used; the message names it.
    """
    lowered = lower(circuit, features, weights)
    return Program(
        lowered,
        observables,
        noise,
        program=program,
        dtype=dtype,
        device=device,
        memory_limit=memory_limit,
    )


class Program:
    """A compiled circuit; build it with `compile`."""

    def __init__(
        self,
        lowered: Lowered,
        observables: Observables,
        noise: Noise | None = None,
        *,
        program: Name = "auto",
        dtype: str = "complex64",
        device: str | torch.device = "cpu",
        memory_limit: int = MEMORY_LIMIT,
    ) -> None:
        if program not in get_args(Name):
            raise unknown("program", str(program), get_args(Name))
        if dtype not in DTYPES:
            raise unknown("dtype", str(dtype), DTYPES)
        noisy = noise is not None and not noise.ideal
        if program == "state_vector" and noisy:
            raise InputError("state_vector has no noise; use program='pauli_transfer' or 'auto'")
        self.lowered, self.noise = lowered, noise
        self.observables = tuple(observables)
        self.dtype, self.device = dtype, torch.device(device)
        self.n_qubits = lowered.n_qubits
        self.n_features, self.n_weights = lowered.n_features, lowered.n_weights
        self._parsed = parse(observables, self.n_qubits)
        self.n_observables = len(self._parsed)
        self._limit = memory_limit
        self.real_dtype = DTYPES[dtype]
        self._forced = program != "auto"
        self._backend: StateVector | PauliTransferProgram
        if program == "pauli_transfer" or noisy:
            self._backend = PauliTransferProgram(
                lowered, observables, noise, self.real_dtype, self.device, memory_limit=memory_limit
            )
        else:
            self._backend = StateVector(
                lowered, self._parsed, self.real_dtype, self.device, memory_limit
            )

    @property
    def name(self) -> Literal["state_vector", "pauli_transfer"]:
        """Return which program runs."""
        return "state_vector" if isinstance(self._backend, StateVector) else "pauli_transfer"

    def __call__(self, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        """Return expectation values ``(B, K)``, or ``(M, B, K)`` for M weight vectors at once.

        Parameters
        ----------
        x
            Features ``(B, F)``; with several weight vectors also ``(M, B, F)``, one batch each.
        w
            Weights ``(W,)`` or ``(M, W)``.

        Raises
        ------
        InputError
            Wrong shapes.
        BudgetExceededError
            The memory needed, which is predicted, exceeds the limit.
        """
        return self._evaluate(*self._inputs(x, w))

    def states(self, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        """Return the final states ``(B, 2^n)`` or ``(M, B, 2^n)``; index bit 0 is qubit 0.

        The global phase is arbitrary.

        Raises
        ------
        InputError
            The program has noise, so there is no state vector.
        """
        if not isinstance(self._backend, StateVector):
            raise InputError(
                "states are vectors only without noise; compile with noise=None and "
                "program='state_vector'"
            )
        return self._backend.states(*self._inputs(x, w))

    def sample(
        self, x: torch.Tensor, w: torch.Tensor, shots: int, rng: np.random.Generator
    ) -> torch.Tensor:
        """Return expectation values as estimated from ``shots`` repetitions of each setting.

        Observables that agree qubit by qubit share their shots (see `executions`). The result has
        the shape of a call and no gradient.
        """
        shots = sampling.check_shots(shots)
        x, w = self._inputs(x.detach(), w.detach())
        total = np.zeros((*w.shape[:-1], x.shape[-2], self.n_observables))
        with torch.no_grad():
            for setting in self._settings():
                outcomes = self._outcomes(setting, x, w)
                total += sampling.estimate(setting, outcomes, self.n_observables, shots, rng)
        return torch.tensor(total, dtype=self.real_dtype, device=self.device)

    @property
    def executions(self) -> int:
        """Return how many circuits a device runs for one sample: the measurement settings."""
        return len(self._settings())

    def freeze(self, w: torch.Tensor) -> Frozen:
        """Return the function of ``x`` alone that these weights ``(W,)`` give."""
        return Frozen(self, w)

    def explain(self, batch: int = TYPICAL_BATCH) -> str:
        """Say which program runs, why, and what ``batch`` samples cost."""
        if self._forced:
            why = "as asked"
        elif self.name == "pauli_transfer":
            why = "because the circuit has noise"
        else:
            why = "because the circuit has no noise"
        if isinstance(self._backend, StateVector):
            text = self._backend.explain(batch)
        else:
            text = self._backend.explain()
        return f"{why}: {text}"

    def frozen_circuit(self, w: torch.Tensor) -> Callable[[torch.Tensor], torch.Tensor]:
        """Return ``x (B, F) -> (B, K)`` that runs the circuit with weights ``w (W,)``."""
        if isinstance(self._backend, StateVector):
            return self._backend.freeze(w)
        return self._backend.freeze(w)

    @property
    def is_one_matrix(self) -> bool:
        """Return whether the circuit is multiplied out to one matrix for all samples."""
        return isinstance(self._backend, StateVector) and self._backend.composed

    def operations_per_sample(self) -> float:
        """Return the multiply-adds a sample of a large batch takes, roughly."""
        if isinstance(self._backend, StateVector):
            return self._backend.operations(TYPICAL_BATCH) / TYPICAL_BATCH
        return float(4**self.n_qubits * self.n_observables)

    def precise(self) -> Program:
        """Return the same program in complex128 on the CPU."""
        return self._like(dtype="complex128", device="cpu")

    def replaced(self, lowered: Lowered, observables: Observables | None = None) -> Program:
        """Return the same program of another circuit, and of other observables if given."""
        return self._like(lowered=lowered, observables=observables)

    def _like(
        self,
        *,
        lowered: Lowered | None = None,
        observables: Observables | None = None,
        dtype: str | None = None,
        device: str | None = None,
    ) -> Program:
        return Program(
            lowered or self.lowered,
            self.observables if observables is None else observables,
            self.noise,
            program=self.name,
            dtype=dtype or self.dtype,
            device=device or self.device,
            memory_limit=self._limit,
        )

    def _inputs(self, x: torch.Tensor, w: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return both in the program's precision, on its device."""
        if w.dim() not in (1, 2) or w.shape[-1] != self.n_weights:
            raise InputError(
                f"w must have shape ({self.n_weights},) or (M, {self.n_weights}), got "
                f"{tuple(w.shape)}"
            )
        fits = x.dim() == 2 or (x.dim() == 3 and w.dim() == 2 and x.shape[0] == w.shape[0])
        if not fits or x.shape[-1] != self.n_features:
            raise InputError(
                f"x must have shape (B, {self.n_features}), or (M, B, {self.n_features}) with w "
                f"(M, {self.n_weights}); got {tuple(x.shape)} with w {tuple(w.shape)}"
            )
        return x.to(self.device, self.real_dtype), w.to(self.device, self.real_dtype)

    def _evaluate(self, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        if not x.shape[-2] or 0 in w.shape[:-1]:
            return x.new_zeros(*w.shape[:-1], x.shape[-2], self.n_observables)
        if isinstance(self._backend, StateVector) or x.dim() == 2:
            return self._backend(x, w)
        return torch.stack([self._backend(*pair) for pair in zip(x, w, strict=True)])

    def _settings(self) -> list[sampling.Setting]:
        return sampling.settings(self._parsed)

    def _outcomes(self, setting: sampling.Setting, x: torch.Tensor, w: torch.Tensor) -> np.ndarray:
        """Return the probabilities ``(..., B, 2^n)`` of the basis states in a setting."""
        if isinstance(self._backend, StateVector):
            operations = (*self.lowered.operations, *setting.rotations())
            rotated = dataclasses.replace(self.lowered, operations=operations)
            program = self.replaced(rotated, ["Z" * self.n_qubits])
            psi = program.states(x, w).to(torch.complex128)
            outcomes: np.ndarray = (psi.real**2 + psi.imag**2).cpu().numpy()
            return outcomes
        parities = self.replaced(self.lowered, setting.strings())._evaluate(x, w)
        return sampling.probabilities(parities.double().cpu().numpy())


class Frozen:
    """A program with fixed weights: a differentiable function of ``x``; build it with `freeze`.

    It evaluates the closed form where that is cheap to build (at most `CHEAP_BUILD` multiply-adds)
    and no more work a sample than the circuit, which is otherwise evaluated. Circuits so small that
    they become one matrix are always evaluated so, which is faster. The choice is made at the
    first use.
    """

    def __init__(self, program: Program, w: torch.Tensor) -> None:
        if w.dim() != 1 or w.shape[0] != program.n_weights:
            raise InputError(f"w must have shape ({program.n_weights},), got {tuple(w.shape)}")
        self._program = program
        self._w = w.detach().to(program.device, program.real_dtype).clone()
        self._circuit = program.frozen_circuit(self._w)

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Return expectation values ``(B, K)`` of ``x (B, F)``, differentiable in x."""
        program = self._program
        if x.dim() != 2 or x.shape[1] != program.n_features:
            raise InputError(f"x must have shape (B, {program.n_features}), got {tuple(x.shape)}")
        x = x.to(program.device, program.real_dtype)
        if not x.shape[0]:
            return x.new_zeros(0, program.n_observables)
        if self.uses_closed_form and self.closed_form is not None:
            return self.closed_form(x)
        return self._circuit(x)

    @functools.cached_property
    def uses_closed_form(self) -> bool:
        """Return whether calls evaluate the closed form."""
        coverage, _ = self._coverage
        return (
            coverage is not None
            and not self._program.is_one_matrix
            and coverage.operations <= CHEAP_BUILD
            and coverage.elements <= self._program.operations_per_sample()
        )

    @functools.cached_property
    def closed_form(self) -> Form | None:
        """The expectation values as one real tensor, or None where there is none of a sane size."""
        coverage, _ = self._coverage
        if coverage is None:
            return None
        program, evaluate = self._program, None
        if program.name == "state_vector":
            evaluate = program.precise().frozen_circuit(self._w.double())
        try:
            return build(
                program.lowered, program.observables, self._w, program.noise, evaluate=evaluate
            )
        except BudgetExceededError:
            return None

    @functools.cached_property
    def _coverage(self) -> tuple[Coverage | None, str]:
        program = self._program
        try:
            return cost(program.lowered, program.n_observables, self._w, program.noise), ""
        except InputError as error:
            return None, str(error)

    def explain(self) -> str:
        """Say how calls are evaluated, and why."""
        coverage, why_not = self._coverage
        if coverage is None:
            return f"circuit with frozen weights, because there is no closed form: {why_not}"
        size = (
            f"the closed form ({coverage.method}) has {coverage.elements:,} numbers and takes "
            f"{coverage.operations:.2g} multiply-adds to build"
        )
        if self.uses_closed_form:
            return f"closed form: {size}"
        if self._program.is_one_matrix:
            return f"circuit with frozen weights, which is one small matrix: {size}"
        return (
            f"circuit with frozen weights: {size}, while the circuit takes "
            f"{self._program.operations_per_sample():.2g} a sample"
        )
