"""A class whose hooks are handed the object in each step."""

import pennylane as qml


class Learner:
    def __init__(self, cost, params, hooks):
        self.cost, self.params, self.hooks = cost, params, list(hooks)
        self.losses = []

    def run(self, steps):
        optimizer = qml.AdamOptimizer(0.1)
        for step in range(steps):
            self.params, loss = optimizer.step_and_cost(self.cost, self.params)
            self.losses.append(loss)
            for hook in self.hooks:
                hook.after(self, step)

    def adopt(self, values):
        self.params = values  # what VAR-02 tells of where a handler calls it
