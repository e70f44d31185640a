"""The plain truth: gate by gate on dense tensors in complex128, with torch's own autograd.

Slow on purpose and free of any engine, so that every contender, ours included, is checked against
something that shares no code with it. Axis q of a state is qubit q.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from benchmarks.workload import LAYERS, Noise, Workload

CNOT = torch.tensor(
    [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], dtype=torch.complex128
)
PAULIS = torch.tensor(
    [[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]],
    dtype=torch.complex128,
)

Apply = Callable[[torch.Tensor, tuple[int, ...]], None]


def gradient_step(work: Workload) -> dict[str, np.ndarray]:
    """Return loss, expectation values and gradients by weights, inputs, head and bias."""
    tensors = [
        torch.tensor(array.astype(np.float64), requires_grad=True)
        for array in (work.weights, work.inputs, work.head, work.bias)
    ]
    weights, inputs, head, bias = tensors
    values = expectations(work, inputs, weights)
    loss = torch.nn.functional.cross_entropy(values @ head.T + bias, torch.tensor(work.labels))
    gradients = torch.autograd.grad(loss, tensors)
    named = dict(zip(("weights", "inputs", "head", "bias"), gradients, strict=True))
    return {
        name: tensor.detach().numpy()
        for name, tensor in {"loss": loss, "values": values, **named}.items()
    }


def values(work: Workload) -> dict[str, np.ndarray]:
    """Return the expectation values alone, without gradients."""
    with torch.no_grad():
        tensors = [torch.tensor(a.astype(np.float64)) for a in (work.inputs, work.weights)]
        return {"values": expectations(work, *tensors).numpy()}


def many_models(work: Workload) -> dict[str, np.ndarray]:
    """Return loss and weight gradient of every model, sharing inputs and head."""
    inputs, head, bias = (
        torch.tensor(array.astype(np.float64)) for array in (work.inputs, work.head, work.bias)
    )
    labels = torch.tensor(work.labels)
    losses, gradients = [], []
    for array in work.many_weights:
        weights = torch.tensor(array.astype(np.float64), requires_grad=True)
        logits = expectations(work, inputs, weights) @ head.T + bias
        loss = torch.nn.functional.cross_entropy(logits, labels)
        gradients.append(torch.autograd.grad(loss, weights)[0].numpy())
        losses.append(loss.item())
    return {"losses": np.array(losses), "weights": np.array(gradients)}


def expectations(work: Workload, inputs: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Return Z on every qubit, (batch, n)."""
    if work.noise is not None:
        return _noisy_expectations(work, work.noise, inputs, weights)
    probabilities = states(work, inputs, weights).abs().square()
    return torch.stack([_z(probabilities, q) for q in range(work.n)], dim=1)


def states(work: Workload, inputs: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Return the pure states after the circuit, (batch, 2, ..., 2)."""
    state = torch.zeros((len(inputs), *(2,) * work.n), dtype=torch.complex128)
    state.view(len(inputs), -1)[:, 0] = 1

    def apply(matrix: torch.Tensor, qubits: tuple[int, ...]) -> None:
        nonlocal state
        state = _contract(state, matrix, [1 + q for q in qubits])

    _circuit(work, inputs, weights, apply)
    return state


def _circuit(work: Workload, inputs: torch.Tensor, weights: torch.Tensor, apply: Apply) -> None:
    for q in range(work.n):
        apply(_rotation(1, inputs[:, q]), (q,))
    for layer in range(LAYERS):
        for q in range(work.n):
            phi, theta, omega = weights[layer, q]
            apply(_rotation(3, omega) @ _rotation(2, theta) @ _rotation(3, phi), (q,))
        for q in range(work.n):
            apply(CNOT, (q, (q + 1) % work.n))


def _noisy_expectations(
    work: Workload, noise: Noise, inputs: torch.Tensor, weights: torch.Tensor
) -> torch.Tensor:
    """Evolve density matrices, (batch, ket axes, bra axes), with one superoperator a channel."""
    n = work.n
    rho = torch.zeros((len(inputs), *(2,) * (2 * n)), dtype=torch.complex128)
    rho.view(len(inputs), -1)[:, 0] = 1
    channel = _superoperator(noise)

    def apply(matrix: torch.Tensor, qubits: tuple[int, ...]) -> None:
        nonlocal rho
        rho = _contract(rho, matrix, [1 + q for q in qubits])
        rho = _contract(rho, matrix.conj(), [1 + n + q for q in qubits])
        for q in qubits:
            rho = _contract(rho, channel, [1 + q, 1 + n + q])

    _circuit(work, inputs, weights, apply)
    size = 2**n
    probabilities = rho.reshape(-1, size, size).diagonal(dim1=1, dim2=2).real
    probabilities = probabilities.reshape(-1, *(2,) * n)
    return torch.stack([_z(probabilities, q) for q in range(n)], dim=1)


def _rotation(axis: int, angle: torch.Tensor) -> torch.Tensor:
    half = angle[..., None, None] / 2
    return torch.cos(half) * PAULIS[0] - 1j * torch.sin(half) * PAULIS[axis]


def _superoperator(noise: Noise) -> torch.Tensor:
    """Return the 4x4 matrix on (ket, bra) of depolarizing followed by amplitude damping."""
    p, g = noise.depolarizing, noise.damping
    weights = [1 - 0.75 * p, p / 4, p / 4, p / 4]
    depolarizing = sum(
        weight * torch.kron(pauli, pauli.conj())
        for weight, pauli in zip(weights, PAULIS, strict=True)
    )
    kept = torch.tensor([[1, 0], [0, (1 - g) ** 0.5]], dtype=torch.complex128)
    lost = torch.tensor([[0, g**0.5], [0, 0]], dtype=torch.complex128)
    return (torch.kron(kept, kept) + torch.kron(lost, lost)) @ depolarizing


def _contract(tensor: torch.Tensor, matrix: torch.Tensor, axes: list[int]) -> torch.Tensor:
    """Apply a matrix, or one a sample, to the named axes; the first axis is the high bit."""
    moved = tensor.movedim(axes, list(range(1, 1 + len(axes))))
    flat = moved.reshape(len(tensor), matrix.shape[-1], -1)
    return (matrix @ flat).reshape(moved.shape).movedim(list(range(1, 1 + len(axes))), axes)


def _z(probabilities: torch.Tensor, qubit: int) -> torch.Tensor:
    others = [axis for axis in range(1, probabilities.ndim) if axis != 1 + qubit]
    marginal = probabilities.sum(dim=others)
    return marginal[:, 0] - marginal[:, 1]
