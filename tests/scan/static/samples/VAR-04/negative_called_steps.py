"""The loop looks at the loss of a step that is a function of its own."""

import math

import optax
import pennylane as qml


def update(optimizer, params, state, gradient):
    changes, state = optimizer.update(gradient, state)
    return optax.apply_updates(params, changes), state


def train(cost, params, steps, gradient):
    optimizer = optax.adam(0.1)
    state = optimizer.init(params)
    for _ in range(steps):
        params, state = update(optimizer, params, state, gradient(params))
        if not math.isfinite(cost(params)):
            raise FloatingPointError
    return params


def compared(cost, weights):
    optimizer = qml.AdamOptimizer(0.1)
    for _ in range(100):
        weights, loss = optimizer.step_and_cost(cost, weights)
        if loss != loss:
            break
    return weights
