"""The Adversarial Robustness Toolbox's projected gradient on a PennyLane TorchLayer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pennylane as qml
import torch
from art.attacks.evasion import ProjectedGradientDescent
from art.estimators.classification import PyTorchClassifier

from benchmarks.attack import HIGH, LOW, RADIUS, STEP, STEPS, outcome
from benchmarks.contenders import NotRunError, Prepared
from benchmarks.contenders.pennylane_torch import layers
from benchmarks.workload import CLASSES, Workload

BATCH = 500


class Classifier(torch.nn.Module):
    """The workload's circuit and head as a torch module; the toolbox hands it single precision."""

    def __init__(self, work: Workload) -> None:
        super().__init__()
        device = qml.device("default.qubit", wires=work.n)

        @qml.qnode(device, interface="torch", diff_method="backprop")
        def quantum(inputs: torch.Tensor, weights: torch.Tensor) -> list[Any]:
            return layers(work, inputs.T, weights)

        self.quantum = qml.qnn.TorchLayer(quantum, {"weights": work.weights.shape})
        self.head = torch.nn.Linear(work.n, CLASSES)
        self.double()
        with torch.no_grad():
            self.quantum.weights.copy_(torch.tensor(work.weights))
            self.head.weight.copy_(torch.tensor(work.head))
            self.head.bias.copy_(torch.tensor(work.bias))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return logits, (batch, classes)."""
        return self.head(self.quantum(x.double()))


def projected_gradient(work: Workload) -> Prepared:
    """Return the attack on all samples, true labels given."""
    if work.dtype == "complex64":
        raise NotRunError("PennyLane computes in complex128 here: see the other precision")
    estimator = PyTorchClassifier(
        model=Classifier(work),
        loss=torch.nn.CrossEntropyLoss(),
        input_shape=(work.n,),
        nb_classes=CLASSES,
        clip_values=(LOW, HIGH),
        device_type="cpu",
    )
    attack = ProjectedGradientDescent(
        estimator,
        norm=np.inf,
        eps=RADIUS,
        eps_step=STEP,
        max_iter=STEPS,
        num_random_init=0,
        batch_size=BATCH,
        verbose=False,
    )
    x = work.inputs.astype(np.float32)
    return Prepared(
        lambda: attack.generate(x, work.labels),
        lambda adversarial: outcome(work, adversarial),
        note=f"batches of {BATCH}, the fastest of 64 to 1,000",
    )
