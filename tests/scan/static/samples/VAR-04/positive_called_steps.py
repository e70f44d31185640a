"""The step is a function of its own; the gradient is an estimate."""

import jax
import numpy as np
import optax
import pennylane as qml


@jax.jit
def update(optimizer, params, state, gradient):
    changes, state = optimizer.update(gradient, state)
    return optax.apply_updates(params, changes), state  # finds: VAR-04


def train(cost, params, steps):
    optimizer = optax.adam(0.1)
    state = optimizer.init(params)
    for _ in range(steps):
        params, state = update(optimizer, params, state, jax.grad(cost)(params))
    return params, qml.version()


def estimated(cost, theta):
    for _ in range(100):
        signs = np.random.default_rng(3).choice([-1, 1], theta.shape)
        g_hat = (cost(theta + signs) - cost(theta - signs)) / 2 * signs
        theta = theta - 0.1 * g_hat  # finds: VAR-04
    return theta
