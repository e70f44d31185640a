"""The projected gradient through this project: the bare loop, and the attack as it is shipped."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import ArrayLike

from benchmarks import attack
from benchmarks.contenders import NotRunError, Prepared
from benchmarks.contenders.redqubit_engine import program_of
from benchmarks.contenders.torch_step import synchronize
from benchmarks.workload import CLASSES, Workload
from redqubit.attacks import ProjectedGradient
from redqubit.core.budget import Radius
from redqubit.engine import Frozen
from redqubit.models.target import WhiteBox


class FrozenModel:
    """The least of a model that a white-box attack asks for."""

    def __init__(self, work: Workload) -> None:
        self.classes_ = np.arange(CLASSES)
        self.n_features_in_ = work.n
        self._frozen, self._head = frozen_of(work), head_of(work)

    def logits(self, x: torch.Tensor) -> torch.Tensor:
        """Return logits, (batch, classes)."""
        return torch.nn.functional.linear(self._frozen(x), *self._head)

    def scores(self, X: ArrayLike) -> np.ndarray:
        """Return logits as an array."""
        with torch.no_grad():
            return self.logits(torch.as_tensor(X)).numpy()

    def predict_proba(self, X: ArrayLike) -> np.ndarray:
        """Return class probabilities, (batch, classes)."""
        return torch.softmax(torch.as_tensor(self.scores(X)), dim=1).numpy()

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Return the likeliest class of each sample."""
        return self.scores(X).argmax(axis=1)


def frozen_of(work: Workload) -> Frozen:
    """Return the workload's circuit with its weights frozen."""
    return program_of(work).freeze(torch.tensor(work.weights.ravel(), device=work.device))


def head_of(work: Workload) -> tuple[torch.Tensor, torch.Tensor]:
    """Return weight and bias of the linear head."""
    return tuple(torch.tensor(array, device=work.device) for array in (work.head, work.bias))


def projected_gradient(work: Workload) -> Prepared:
    """Return the attack on all samples in one batch, the same steps as the peer's.

    The model is the closed form of its logits, as `QNN.closed_form` returns it.
    """
    form = frozen_of(work).closed_form
    if form is None:
        raise NotRunError("no closed form of a sane size")
    logits = form.contract_head(*head_of(work))
    inputs = torch.tensor(work.inputs, device=work.device)
    labels = torch.tensor(work.labels, device=work.device)

    def run() -> torch.Tensor:
        low = (inputs - attack.RADIUS).clamp(min=attack.LOW)
        high = (inputs + attack.RADIUS).clamp(max=attack.HIGH)
        x = inputs
        for _ in range(attack.STEPS):
            x = x.detach().requires_grad_()
            loss = torch.nn.functional.cross_entropy(logits(x), labels, reduction="sum")
            (slope,) = torch.autograd.grad(loss, x)
            x = torch.clamp(x.detach() + attack.STEP * slope.sign(), low, high)
        synchronize(work)
        return x

    return Prepared(run, lambda x: attack.outcome(work, x.cpu().numpy()))


def shipped_attack(work: Workload) -> Prepared:
    """Return `attacks.ProjectedGradient` on a metered white box.

    It keeps each sample's best point by margin instead of the last one, so that its outcome is
    held to the ball and to the reference's loss from below, not to equality.
    """
    model = FrozenModel(work)
    pgd = ProjectedGradient(
        Radius(attack.RADIUS),
        steps=attack.STEPS,
        step_size=attack.STEP,
        restarts=1,
        start="center",
    )

    def run() -> np.ndarray:
        target = WhiteBox(model, work.inputs, work.labels, attack.LOW, attack.HIGH)
        return pgd.run(target, np.random.default_rng(0)).X

    def read(adversarial: np.ndarray) -> dict[str, np.ndarray]:
        reached = attack.outcome(work, adversarial)["adversarial_loss"]
        wanted = attack.truth(work)["adversarial_loss"]
        if reached < 0.98 * wanted:
            raise RuntimeError(f"reaches loss {reached:.4f}, the reference {wanted:.4f}")
        return {}

    return Prepared(run, read, note="keeps each sample's best point and meters every query")
