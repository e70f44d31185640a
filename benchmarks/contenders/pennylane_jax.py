"""PennyLane's default.qubit and default.mixed in JAX, compiled with jit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pennylane as qml

from benchmarks.contenders import NotRunError, Prepared
from benchmarks.contenders.pennylane_torch import device_name, layers
from benchmarks.contenders.torch_step import NAMES
from benchmarks.workload import Workload


def broadcast_step(work: Workload) -> Prepared:
    """Return the training step with PennyLane's own parameter broadcasting over the batch."""
    device = qml.device(device_name(work), wires=work.n)

    @qml.qnode(device, interface="jax", diff_method="backprop")
    def quantum(x: Any, w: Any) -> list[Any]:
        return layers(work, x.T, w)

    return jax_step(work, lambda x, w: jnp.stack(quantum(x, w), axis=1))


def vmap_step(work: Workload) -> Prepared:
    """Return the training step with `jax.vmap` over single samples."""
    device = qml.device(device_name(work), wires=work.n)

    @qml.qnode(device, interface="jax", diff_method="backprop")
    def quantum(x: Any, w: Any) -> list[Any]:
        return layers(work, x, w)

    batched = jax.vmap(lambda x, w: jnp.stack(quantum(x, w)), in_axes=(0, None))
    return jax_step(work, batched)


def jax_step(work: Workload, evaluate: Callable[[Any, Any], Any]) -> Prepared:
    """Wrap ``evaluate(x, w) -> (batch, n)`` into a compiled loss with gradients of everything."""
    _require_device(work)
    arrays = [jnp.asarray(a) for a in (work.weights, work.inputs, work.head, work.bias)]
    labels = jnp.asarray(work.labels)
    if arrays[0].dtype != work.real:
        raise RuntimeError(f"JAX computes in {arrays[0].dtype}, {work.real} was asked for")

    def loss(weights: Any, inputs: Any, head: Any, bias: Any) -> Any:
        return _cross_entropy(evaluate(inputs, weights) @ head.T + bias, labels)

    step = jax.jit(jax.value_and_grad(loss, argnums=(0, 1, 2, 3)))
    return Prepared(lambda: jax.block_until_ready(step(*arrays)), read)


def models_step(work: Workload) -> Prepared:
    """Return loss and weight gradient of several models at once, `jax.vmap` over the models."""
    _require_device(work)
    device = qml.device(device_name(work), wires=work.n)
    inputs, head, bias = (jnp.asarray(a) for a in (work.inputs, work.head, work.bias))
    labels, many = jnp.asarray(work.labels), jnp.asarray(work.many_weights)

    @qml.qnode(device, interface="jax", diff_method="backprop")
    def quantum(x: Any, w: Any) -> list[Any]:
        return layers(work, x.T, w)

    def loss(weights: Any) -> Any:
        logits = jnp.stack(quantum(inputs, weights), axis=1) @ head.T + bias
        return _cross_entropy(logits, labels)

    step = jax.jit(jax.vmap(jax.value_and_grad(loss)))

    def read_models(result: tuple[Any, Any]) -> dict[str, np.ndarray]:
        return {"losses": np.asarray(result[0]), "weights": np.asarray(result[1])}

    return Prepared(lambda: jax.block_until_ready(step(many)), read_models)


def _require_device(work: Workload) -> None:
    if work.device == "cuda" and jax.default_backend() != "gpu":
        raise NotRunError("the installed JAX sees no GPU")


def _cross_entropy(logits: Any, labels: Any) -> Any:
    picked = jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=1)
    return -picked.mean()


def read(result: tuple[Any, tuple[Any, ...]]) -> dict[str, np.ndarray]:
    """Name the arrays of a step's result."""
    loss, gradients = result
    if loss.dtype != gradients[0].dtype:
        raise RuntimeError(f"precision changed on the way: {loss.dtype}, {gradients[0].dtype}")
    named = {name: np.asarray(g) for name, g in zip(NAMES, gradients, strict=True)}
    return {"loss": np.asarray(loss), **named}
