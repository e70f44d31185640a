"""Optimizers against PyTorch's and against quadratic bowls."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from redqubit.core.errors import InputError
from redqubit.models.optimizers import Adam, make_optimizer


@pytest.mark.parametrize("amsgrad", [False, True])
def test_adam_equals_pytorchs(amsgrad):
    """Twenty steps on a changing quadratic agree with torch.optim.Adam."""
    theta = torch.linspace(-1, 1, 6, dtype=torch.float64)
    reference = theta.clone().requires_grad_()
    theirs = torch.optim.Adam([reference], lr=0.05, amsgrad=amsgrad)
    ours = Adam(0.05, amsgrad=amsgrad)
    for k in range(20):

        def loss(t, k=k):
            return ((t - np.cos(k)) ** 2 * torch.arange(1.0, 7.0, dtype=torch.float64)).sum()

        theirs.zero_grad()
        loss(reference).backward()
        theirs.step()
        theta, _ = ours.step(theta, loss)
    torch.testing.assert_close(theta, reference.detach(), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", ["adam", "amsgrad", "spsa"])
def test_rows_are_trained_as_if_alone(name):
    """Two models as rows of one tensor take the steps they take one by one."""
    targets = torch.tensor([[0.3, -1.0], [2.0, 0.5]], dtype=torch.float64)
    together = torch.zeros(2, 2, dtype=torch.float64)
    alone = [torch.zeros(2, dtype=torch.float64) for _ in range(2)]
    optimizer = make_optimizer(name, 0.1, np.random.default_rng(0))
    singles = [make_optimizer(name, 0.1, np.random.default_rng(0)) for _ in range(2)]
    for _ in range(10):
        together, losses = optimizer.step(together, lambda t: ((t - targets) ** 2).sum(-1))
        assert losses.shape == (2,)
        for m in range(2):
            alone[m], _ = singles[m].step(alone[m], lambda t, m=m: ((t - targets[m]) ** 2).sum(-1))
    torch.testing.assert_close(together, torch.stack(alone))


@pytest.mark.parametrize("name", ["adam", "amsgrad", "spsa"])
def test_every_optimizer_finds_the_bottom_of_a_bowl(name):
    """A quadratic bowl of six parameters is descended to a tenth of a percent of its height."""
    optimizer = make_optimizer(name, 0.05, np.random.default_rng(1))
    theta = torch.ones(6, dtype=torch.float64)
    for _ in range(600):
        theta, _ = optimizer.step(theta, lambda t: (t**2).sum(-1))
    assert float((theta**2).sum()) < 6e-3


def test_spsa_evaluates_the_loss_twice():
    """A step of SPSA costs two evaluations whatever the number of parameters."""
    calls = []
    optimizer = make_optimizer("spsa", 0.1, np.random.default_rng(0))
    optimizer.step(torch.zeros(50), lambda t: calls.append(1) or t.sum(-1))
    assert len(calls) == 2


def test_bad_choices_name_the_rule():
    """An unknown optimizer and a useless learning rate are InputErrors."""
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match="did you mean 'adam'"):
        make_optimizer("adams", 0.1, rng)
    for rate in (0.0, -1.0, float("nan")):
        with pytest.raises(InputError, match="learning_rate must be"):
            make_optimizer("adam", rate, rng)
