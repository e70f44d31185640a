"""Exact noisy simulation with real Pauli vectors, in the picture that is cheaper.

Schroedinger: 4^n numbers a sample, moved forward through the circuit. Heisenberg: 4^n numbers an
observable, moved backward through the circuit, which is the same for all samples as long as
features act only at the start of each wire; then one contraction with the samples' product vectors.
Fixed gates, rotations and noise are fused into one 4 x 4 matrix a wire and one 16 x 16 matrix a
two-qubit gate.

Source: Greenbaum (2015), arXiv:1509.02921, section 3, for Pauli transfer matrices.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Literal

import torch
from qiskit.quantum_info import Pauli, SparsePauliOp

from redqubit.core.errors import BudgetExceededError, InputError, unknown
from redqubit.engine.lowering import Lowered
from redqubit.engine.noise import Noise
from redqubit.engine.observables import parse
from redqubit.engine.pauli_basis import Real, operator_of_vector, pauli_vector
from redqubit.engine.pauli_strings import Strings
from redqubit.engine.transfer_evolution import Route, evolve, route
from redqubit.engine.transfer_factors import factors_of
from redqubit.engine.transfer_schedule import schedule
from redqubit.engine.transfer_tables import Tables

Picture = Literal["heisenberg", "schroedinger"]
PICTURES = ("auto", "heisenberg", "schroedinger")
DTYPES = {
    torch.float32: torch.float32,
    torch.float64: torch.float64,
    torch.complex64: torch.float32,
    torch.complex128: torch.float64,
}
MEMORY_LIMIT = 4 * 2**30
KEPT_ELEMENTS = 2**22
STORED_BYTES = 2**29  # past this, computing blocks again costs less than fresh memory


class PauliTransferProgram:
    """A circuit with noise as a function of features and weights, exact and differentiable.

    Parameters
    ----------
    lowered
        The circuit.
    observables
        Pauli labels (rightmost letter: qubit 0) or Qiskit operators.
    noise
        Channels after gates and readout error; None is ideal.
    dtype
        float64 or float32; a complex dtype stands for its real part.
    device
        Where the tensors live.
    picture
        ``auto`` compares the cost at every call.
    memory_limit
        Bytes that one call may hold; blocks for the gradient are recomputed before it is refused.

    Raises
    ------
    InputError
        Unknown picture or dtype, bad observables, noise that does not fit, or the Heisenberg
        picture asked for where features act inside the circuit.
    """

    def __init__(
        self,
        lowered: Lowered,
        observables: Sequence[str | Pauli | SparsePauliOp],
        noise: Noise | None = None,
        dtype: torch.dtype = torch.float64,
        device: torch.device | str = "cpu",
        *,
        picture: str = "auto",
        memory_limit: int = MEMORY_LIMIT,
    ) -> None:
        if picture not in PICTURES:
            raise unknown("picture", str(picture), PICTURES)
        if dtype not in DTYPES:
            raise unknown("dtype", str(dtype), [str(known) for known in DTYPES])
        self.n_qubits, self.n_features = lowered.n_qubits, lowered.n_features
        self.n_weights = lowered.n_weights
        self.noise, self.dtype, self.device = noise, DTYPES[dtype], torch.device(device)
        self._lowered, self._limit = lowered, memory_limit
        parsed = parse(observables, self.n_qubits)
        self.n_observables = len(parsed)
        plan = schedule(self.n_qubits, list(factors_of(lowered, noise)), given=lowered.amplitude)
        self._schedule = plan
        self._tables = Tables(plan, self.n_features, self.n_weights, self.dtype, self.device)
        readout = noise.readout_transfers(self.n_qubits) if noise is not None else None
        self._strings = Strings.of(parsed, self.n_qubits, readout)
        self._forward = self._route(self._strings, backward=False)
        self._backward = self._route(self._strings, backward=True)
        if picture == "heisenberg" and not plan.product_encoding:
            raise InputError(
                "the Heisenberg picture needs features at the start of each wire only; this "
                "circuit encodes inside (re-uploading or joint gates): use picture='schroedinger'"
            )
        self._picture = picture
        rows = self._strings.rows(self._forward.order, self._forward.sizes)
        self._read_rows = torch.tensor(rows, device=self.device)
        self._read_weights = self._tensor(self._strings.weights)
        self._observables: torch.Tensor | None = None

    @property
    def picture(self) -> Picture:
        """Return the picture that a large batch is evaluated in."""
        return self.choose(10**6)

    def choose(self, batch: int) -> Picture:
        """Return the cheaper picture for ``batch`` samples, by multiply-adds."""
        if self._picture != "auto":
            return "heisenberg" if self._picture == "heisenberg" else "schroedinger"
        if not self._schedule.product_encoding:
            return "schroedinger"
        observables = self.n_observables
        contraction = batch * observables * math.prod(self._backward.sizes)
        backward = self._backward.operations(observables) + contraction
        return "heisenberg" if backward < self._forward.operations(batch) else "schroedinger"

    def explain(self) -> str:
        """Say which picture is used, why, and what a call costs."""
        chosen = self._backward if self.picture == "heisenberg" else self._forward
        if self._picture != "auto":
            reason = "it was asked for"
        elif not self._schedule.product_encoding:
            reason = "features act inside the circuit"
        else:
            reason = (
                f"features act at the start of wires only and {self.n_observables} observables "
                "are fewer than a batch; small batches go forward"
            )
        noisy = "without noise" if self.noise is None or self.noise.ideal else "with noise"
        return (
            f"pauli_transfer {noisy}, {self.picture} picture: {reason}; {len(chosen.moves)} fused "
            f"steps on at most {chosen.largest:,} reals a column, {self.dtype}"
        )

    def __call__(self, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        """Return expectation values (B, K), or (M, B, K) for ``w (M, W)``; differentiable.

        Parameters
        ----------
        x
            Features (B, F).
        w
            Weights (W,) or those of several models (M, W).

        Raises
        ------
        InputError
            Wrong shapes.
        BudgetExceededError
            The memory limit; the message says what is needed.
        """
        x, w = self._check(x, w)
        models = w if w.dim() == 2 else w[None]
        gradient = torch.is_grad_enabled() and (x.requires_grad or w.requires_grad)
        matrices = self._tables.matrices(models)
        if self.choose(len(x)) == "heisenberg":
            saved = self._saved(self._backward, len(models) * self.n_observables, gradient)
            block = self._observable_block().expand(len(models), -1, -1).contiguous()
            result = self._contract(
                evolve(self._backward, block, matrices, [], saved=saved), x, models
            )
        else:
            result = self._schroedinger(matrices, x, models, gradient)
        return result if w.dim() == 2 else result[0]

    def freeze(self, w: torch.Tensor) -> Callable[[torch.Tensor], torch.Tensor]:
        """Return ``x -> (B, K)`` with everything that depends on weights alone computed once.

        That happens at the first call.
        """
        nothing = torch.zeros(1, self.n_features)
        weights = self._check(nothing, w.detach())[1][None].clone()

        @functools.cache
        def matrices() -> list[torch.Tensor]:
            with torch.no_grad():
                return self._tables.matrices(weights)

        @functools.cache
        def moved() -> torch.Tensor:
            self._saved(self._backward, self.n_observables, gradient=False)
            with torch.no_grad():
                return evolve(self._backward, self._observable_block(), matrices(), [])

        def evaluate(x: torch.Tensor) -> torch.Tensor:
            x, _ = self._check(x, w)
            if self.picture == "heisenberg":
                return self._contract(moved(), x, weights)[0]
            gradient = torch.is_grad_enabled() and x.requires_grad
            return self._schroedinger(matrices(), x, weights, gradient)[0]

        return evaluate

    def heisenberg_tensor(self, w: torch.Tensor, columns: Sequence[int]) -> torch.Tensor:
        """Return the observables ``columns`` before the circuit, (d_1, ..., d_n, len(columns)).

        Axis ``q`` belongs to qubit ``q`` and is contracted with the vector of its start: (1) for a
        wire without features, (1, cos a, sin a) for one rotation, else the Pauli vector.
        """
        strings = self._strings.only(columns)
        plan = self._route(strings, backward=True)
        self._saved(plan, len(columns), gradient=False)
        with torch.no_grad():
            weights = self._check(torch.zeros(1, self.n_features), w)[1][None]
            block = self._spread(plan, strings)
            block = evolve(plan, block, self._tables.matrices(weights), [])
        wires = range(self.n_qubits)
        wide = block.reshape(*plan.sizes, len(columns))
        wide = wide.permute(*(plan.order.index(wire) for wire in wires), self.n_qubits)
        sizes = [start.size for start in self._schedule.starts]
        if list(wide.shape[:-1]) == sizes:
            return wide
        full = wide.new_zeros(*sizes, len(columns))  # what has no influence is the identity
        full[tuple(slice(size) for size in wide.shape)] = wide
        return full

    def _route(self, strings: Strings, *, backward: bool) -> Route:
        every = frozenset(range(self.n_qubits))
        active = every if self._lowered.amplitude else strings.active
        return route(self._schedule, self._tables.places, active, backward=backward)

    def _tensor(self, array: Real) -> torch.Tensor:
        return torch.tensor(array, dtype=self.dtype, device=self.device)

    def _check(self, x: torch.Tensor, w: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return both in the program's precision, on its device."""
        if x.dim() != 2 or x.shape[1] != self.n_features:
            raise InputError(f"x must have shape (B, {self.n_features}), got {tuple(x.shape)}")
        if w.dim() not in (1, 2) or w.shape[-1] != self.n_weights:
            raise InputError(
                f"w must have shape ({self.n_weights},) or (M, {self.n_weights}), got "
                f"{tuple(w.shape)}"
            )
        return x.to(self.device, self.dtype), w.to(self.device, self.dtype)

    def _saved(self, plan: Route, columns: int, gradient: bool) -> int | None:
        """Return how many blocks to keep for the gradient, or refuse."""
        size = plan.largest * columns * (8 if self.dtype == torch.float64 else 4)
        steps = len(plan.moves)
        work = 4 * size
        if not gradient:
            needed, saved = work, None
        elif steps * size <= STORED_BYTES and work + steps * size <= self._limit:
            needed, saved = work + steps * size, None
        else:
            saved = max(1, math.isqrt(steps))
            needed = work + (saved + math.ceil(steps / saved)) * size
        if needed > self._limit:
            raise BudgetExceededError(
                f"{self.n_qubits} qubits and {columns} columns need about {needed / 2**30:.1f} GiB "
                f"in the Pauli-transfer program, the limit is {self._limit / 2**30:.1f} GiB; use a "
                "smaller batch, fewer observables or float32, or raise memory_limit"
            )
        return saved

    def _observable_block(self) -> torch.Tensor:
        """Return all observables (1, rows, K) before the first move; small ones are kept."""
        if self._observables is not None:
            return self._observables
        block = self._spread(self._backward, self._strings)
        if block.numel() <= KEPT_ELEMENTS:
            self._observables = block
        return block

    def _spread(self, plan: Route, strings: Strings) -> torch.Tensor:
        """Return strings as a dense block (1, rows, K) for a backward route."""
        weights = self._tensor(strings.weights)
        block = weights.new_zeros(1, math.prod(plan.first), weights.shape[1])
        rows = strings.rows(range(self.n_qubits)[::-1], plan.first)
        block[0, torch.tensor(rows, device=self.device)] = weights
        return block

    def _contract(self, block: torch.Tensor, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        """Evaluate moved observables (M, rows, K) on the samples' initial states: (M, B, K)."""
        if self._lowered.amplitude:
            place = [self._backward.order.index(wire) for wire in range(self.n_qubits)[::-1]]
            wide = block.reshape(len(block), *self._backward.sizes, -1)
            wide = wide.permute(0, *(axis + 1 for axis in place), self.n_qubits + 1)
            wide = wide.reshape(len(block), 4**self.n_qubits, -1)
            operators = torch.stack([operator_of_vector(each) for each in wide])
            psi = self._lowered.amplitudes(x).to(operators.dtype)
            return torch.einsum("bi,mkij,bj->mbk", psi.conj(), operators, psi).real
        starts = self._tables.starts(x, w)
        plan = self._backward
        vectors = [
            starts[wire][..., :size] for wire, size in zip(plan.order, plan.sizes, strict=True)
        ]
        half = split(plan.sizes)
        left, right = outer(vectors[:half], x), outer(vectors[half:], x)
        models, observables = len(w), block.shape[-1]
        inner = left.expand(models, -1, -1) @ block.reshape(models, left.shape[-1], -1)
        inner = inner.reshape(models, len(x), right.shape[-1], observables)
        return (right.expand(models, -1, -1).unsqueeze(2) @ inner).squeeze(2)

    def _schroedinger(
        self, matrices: Sequence[torch.Tensor], x: torch.Tensor, w: torch.Tensor, gradient: bool
    ) -> torch.Tensor:
        """Move the samples' states to the end of the circuit and read the observables."""
        plan = self._forward
        saved = self._saved(plan, len(w) * len(x), gradient)
        if self._lowered.amplitude:
            complex_dtype = torch.complex128 if self.dtype == torch.float64 else torch.complex64
            block = pauli_vector(self._lowered.amplitudes(x).to(complex_dtype))[None]
        else:
            starts = self._tables.starts(x, w)[::-1]
            block = outer([v[..., :size] for v, size in zip(starts, plan.first, strict=True)], x).mT
        block = block.expand(len(w), -1, -1).contiguous()
        final = evolve(plan, block, matrices, self._tables.phases(x, w), saved=saved)
        picked = final.index_select(1, self._read_rows)
        return picked.mT @ self._read_weights


def split(sizes: Sequence[int]) -> int:
    """Return where to cut a list of sizes so that the larger of both products is smallest."""
    costs = [max(math.prod(sizes[:i]), math.prod(sizes[i:])) for i in range(len(sizes) + 1)]
    return costs.index(min(costs))


def outer(vectors: Sequence[torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """Return the products (M, B, d_1 d_2 ...) of vectors (M or 1, B, d), the first slowest."""
    if not vectors:
        return x.new_ones(1, len(x), 1)
    total = vectors[0]
    for vector in vectors[1:]:
        if vector.shape[-1] > 1:
            total = (total.unsqueeze(-1) * vector.unsqueeze(-2)).flatten(-2)
    return total
