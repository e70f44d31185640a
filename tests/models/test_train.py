"""The training loop and its losses."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from redqubit.core.errors import InputError
from redqubit.models.optimizers import Adam
from redqubit.models.train import minimize, sample_losses


def test_losses_equal_their_formulas():
    """Cross entropy equals PyTorch's; MSE is the distance to +1 and -1 averaged over classes."""
    logits = torch.randn(2, 5, 3, generator=torch.Generator().manual_seed(0))
    codes = torch.tensor([0, 1, 2, 1, 0])
    got = sample_losses(logits, codes, "cross_entropy")
    for m in range(2):
        expected = torch.nn.functional.cross_entropy(logits[m], codes, reduction="none")
        torch.testing.assert_close(got[m], expected)
    target = 2 * torch.nn.functional.one_hot(codes, 3) - 1
    torch.testing.assert_close(
        sample_losses(logits, codes, "mse"), ((logits - target) ** 2).mean(-1)
    )
    with pytest.raises(InputError, match="unknown loss"):
        sample_losses(logits, codes, "cross_entropie")


def bowl(theta, rows):
    return ((theta - 1) ** 2).sum(-1) + 0 * rows.sum()


def run(theta, loss=bowl, **settings):
    defaults = {"samples": 10, "batch_size": 4, "epochs": 5}
    return minimize(theta, loss, Adam(0.1), np.random.default_rng(0), **(defaults | settings))


def test_every_epoch_uses_each_sample_once():
    """The batches of an epoch are a permutation of all samples, the last one shorter."""
    seen = []

    def loss(theta, rows):
        seen.append(rows.tolist())
        return bowl(theta, rows)

    run(torch.zeros(2), loss, epochs=1)
    assert [len(rows) for rows in seen] == [4, 4, 2]
    assert sorted(row for rows in seen for row in rows) == list(range(10))


def test_a_model_below_the_threshold_is_left_alone():
    """Of two models the one that is done keeps its parameters, and training ends when both are."""
    theta = torch.tensor([[1.01, 1.0], [3.0, 1.0]], dtype=torch.float64)
    trained, curve = run(theta, epochs=200, threshold=1e-2)
    once, _ = run(theta[:1], epochs=1)
    torch.testing.assert_close(trained[0], once[0])
    assert (curve[-1] < 1e-2).all()
    assert len(curve) < 200


def test_a_watcher_can_end_the_training():
    """Training stops after the epoch in which the watcher says so."""
    _, curve = run(torch.zeros(1), watch=lambda epoch, losses, theta: epoch == 2)
    assert len(curve) == 3


def test_divergence_is_an_error_that_says_what_to_do():
    """A loss that is not finite ends the training with advice."""
    with pytest.raises(InputError, match="epoch 1; lower the learning rate"):
        run(torch.zeros(1), lambda theta, rows: theta.sum() * float("nan"))
