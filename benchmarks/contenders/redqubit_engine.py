"""The engine of this project, called as a user calls it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from benchmarks.contenders import Prepared
from benchmarks.contenders.torch_step import leaves, synchronize, torch_step
from benchmarks.workload import Workload
from redqubit import engine
from redqubit.engine.channels import amplitude_damping, depolarizing
from redqubit.engine.noise import Noise
from redqubit.engine.program import Program


def program_of(work: Workload, program: str = "auto") -> Program:
    """Compile the workload's circuit with Z on every qubit."""
    circuit = work.circuit()
    by_name = {vector: [p for p in circuit.parameters if p.name[0] == vector] for vector in "xw"}
    return engine.compile(
        circuit,
        work.observables,
        sorted(by_name["x"], key=lambda p: p.index),
        sorted(by_name["w"], key=lambda p: p.index),
        noise=noise_of(work),
        program=program,
        dtype=work.dtype,
        device=work.device,
    )


def noise_of(work: Workload) -> Noise | None:
    """Return the workload's noise in the engine's terms."""
    if work.noise is None:
        return None
    channels = (depolarizing(work.noise.depolarizing), amplitude_damping(work.noise.damping))
    return Noise(one_qubit=channels, two_qubit=channels)


def gradient_step(work: Workload) -> Prepared:
    """Return the training step; which program runs is the engine's choice."""
    program = program_of(work)
    return torch_step(work, program, flat=True)


def expectation_values(work: Workload) -> Prepared:
    """Return the evaluation of the batch with weights still free."""
    program = program_of(work)
    return _forward(work, lambda x, w: program(x, w))


def frozen_values(work: Workload) -> Prepared:
    """Return the evaluation of the batch by the frozen program."""
    frozen = program_of(work).freeze(torch.tensor(work.weights.ravel(), device=work.device))
    return _forward(work, lambda x, _: frozen(x))


def _forward(
    work: Workload, evaluate: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
) -> Prepared:
    weights, inputs, *_ = (tensor.detach() for tensor in leaves(work))
    flat = weights.reshape(-1)

    def run() -> torch.Tensor:
        values = evaluate(inputs, flat)
        synchronize(work)
        return values

    return Prepared(run, lambda values: {"values": values.cpu().numpy()})


def models_at_once(work: Workload) -> Prepared:
    """Return the weight gradients of all models through the leading model axis."""
    program = program_of(work)
    weights = _many_leaves(work)
    inputs, head, bias, labels = _shared(work)

    def run() -> tuple[torch.Tensor, torch.Tensor]:
        logits = program(inputs, weights) @ head.T + bias
        losses = _losses(logits.flatten(0, 1), labels.repeat(len(weights))).view(len(weights), -1)
        losses = losses.mean(dim=1)
        (gradient,) = torch.autograd.grad(losses.sum(), weights)
        synchronize(work)
        return losses, gradient

    return Prepared(run, lambda result: _named(work, *result))


def models_in_turn(work: Workload) -> Prepared:
    """Return the weight gradients of all models, one model after another."""
    program = program_of(work)
    leaves_of_models = [row.detach().clone().requires_grad_() for row in _many_leaves(work)]
    inputs, head, bias, labels = _shared(work)

    def run() -> tuple[torch.Tensor, torch.Tensor]:
        losses, gradients = [], []
        for weights in leaves_of_models:
            loss = _losses(program(inputs, weights) @ head.T + bias, labels).mean()
            gradients.append(torch.autograd.grad(loss, weights)[0])
            losses.append(loss.detach())
        synchronize(work)
        return torch.stack(losses), torch.stack(gradients)

    return Prepared(run, lambda result: _named(work, *result))


def _many_leaves(work: Workload) -> torch.Tensor:
    flat = work.many_weights.reshape(len(work.many_weights), -1)
    return torch.tensor(flat, device=work.device, requires_grad=True)


def _shared(work: Workload) -> tuple[torch.Tensor, ...]:
    arrays = (work.inputs, work.head, work.bias, work.labels)
    return tuple(torch.tensor(array, device=work.device) for array in arrays)


def _losses(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.cross_entropy(logits, labels, reduction="none")


def _named(work: Workload, losses: torch.Tensor, gradient: torch.Tensor) -> dict[str, np.ndarray]:
    shaped = gradient.cpu().numpy().reshape(work.many_weights.shape)
    return {"losses": losses.detach().cpu().numpy(), "weights": shaped}
