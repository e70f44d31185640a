"""The work every contender does: circuit, data, weights and head, the same numbers for all."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from redqubit.core.streams import stream

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

LAYERS = 4
CLASSES = 4
MODELS = 16
SEED = 2026


@dataclass(frozen=True)
class Noise:
    """After every gate, on each wire it touches: depolarizing, then amplitude damping.

    ``depolarizing`` is the probability p of rho -> (1 - p) rho + p I/2; ``damping`` is the
    probability of decay from 1 to 0.
    """

    depolarizing: float = 0.01
    damping: float = 0.02


@dataclass(frozen=True)
class Workload:
    """RX angle encoding, 4 layers of Rot + CNOT ring, Z on every qubit, linear head, cross entropy.

    Parameters
    ----------
    n, batch
        Qubits and samples.
    dtype
        ``complex64`` or ``complex128``: precision of states, data, weights and gradients.
    device
        ``cpu`` or ``cuda``.
    noise
        None for the pure circuit.
    """

    n: int
    batch: int
    dtype: str = "complex128"
    device: str = "cpu"
    noise: Noise | None = None

    @property
    def real(self) -> str:
        """Return the name of the real type of the same width."""
        return "float32" if self.dtype == "complex64" else "float64"

    def head_of(self, batch: int) -> Workload:
        """Return the same workload on its first samples."""
        return dataclasses.replace(self, batch=min(batch, self.batch))

    def _draw(self, name: str, shape: tuple[int, ...], scale: float) -> np.ndarray:
        drawn = scale * stream(SEED, "benchmarks", name, self.n).random(shape)
        return drawn.astype(self.real)

    @cached_property
    def inputs(self) -> np.ndarray:
        """Return the angles, (batch, n), in [0, pi]."""
        return self._draw("inputs", (self.batch, self.n), np.pi)

    @cached_property
    def weights(self) -> np.ndarray:
        """Return the angles of the Rot gates, (layers, n, 3), in [0, 2 pi]."""
        return self._draw("weights", (LAYERS, self.n, 3), 2 * np.pi)

    @cached_property
    def many_weights(self) -> np.ndarray:
        """Return the weights of several models, (models, layers, n, 3), the first one `weights`."""
        others = self._draw("models", (MODELS - 1, LAYERS, self.n, 3), 2 * np.pi)
        return np.concatenate([self.weights[None], others])

    @cached_property
    def head(self) -> np.ndarray:
        """Return the head's matrix, (classes, n)."""
        return self._draw("head", (CLASSES, self.n), 2.0) - np.asarray(1.0, dtype=self.real)

    @cached_property
    def bias(self) -> np.ndarray:
        """Return the head's bias, (classes,)."""
        return self._draw("bias", (CLASSES,), 0.2)

    @cached_property
    def labels(self) -> np.ndarray:
        """Return the class of every sample, (batch,)."""
        return stream(SEED, "benchmarks", "labels", self.n).integers(0, CLASSES, self.batch)

    @property
    def observables(self) -> list[str]:
        """Return Z on every qubit as Pauli labels, qubit 0 rightmost."""
        return ["I" * (self.n - 1 - q) + "Z" + "I" * q for q in range(self.n)]

    def circuit(self) -> QuantumCircuit:
        """Return the circuit with features ``x`` and weights ``w`` as parameters.

        The noisy circuit writes Rot as one ``u`` gate (equal up to a global phase), because noise
        follows every gate and Rot is one gate.
        """
        from qiskit import QuantumCircuit
        from qiskit.circuit import ParameterVector

        x = ParameterVector("x", self.n)
        w = ParameterVector("w", LAYERS * self.n * 3)
        circuit = QuantumCircuit(self.n)
        for q in range(self.n):
            circuit.rx(x[q], q)
        for layer in range(LAYERS):
            for q in range(self.n):
                phi, theta, omega = (w[3 * (layer * self.n + q) + k] for k in range(3))
                if self.noise is None:
                    circuit.rz(phi, q)
                    circuit.ry(theta, q)
                    circuit.rz(omega, q)
                else:
                    circuit.u(theta, omega, phi, q)
            for q in range(self.n):
                circuit.cx(q, (q + 1) % self.n)
        return circuit
