"""What is measured: cases, their sizes, who enters and who is left out for which reason.

This module imports no engine, so that the table can be read, planned and tested anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.workload import Noise, Workload

PRECISIONS = ("complex64", "complex128")
OWN = "redqubit"


@dataclass(frozen=True)
class Entrant:
    """A contender of a case.

    Parameters
    ----------
    engine
        Name in tables; everything of this project begins with ``redqubit``.
    builder
        ``module.function`` below `benchmarks.contenders`.
    limit
        Largest ``n`` it is run at; None has no limit.
    reason
        Why it stops at the limit.
    checked
        False where it returns too little to compare with the reference; it then checks itself.
    quick
        False leaves it out of quick runs, because it compiles for long.
    cuda
        Whether it can run on an accelerator.
    """

    engine: str
    builder: str
    limit: int | None = None
    reason: str = ""
    checked: bool = True
    quick: bool = True
    cuda: bool = False


@dataclass(frozen=True)
class Case:
    """A piece of work at several sizes.

    Parameters
    ----------
    name, title
        Short name in the results, heading in the page.
    sizes, quick
        Pairs (n, batch) of a full and of a quick run.
    entrants
        Contenders, ours first.
    reference
        ``module.function`` below `benchmarks` that returns the true result.
    check_batch
        Samples compared with the reference, by ``n``, where it could not do them all in seconds.
    tolerance
        Deviation allowed where that of the precision does not apply; None where it does.
    noisy
        Whether the workload carries noise.
    together
        True measures all sizes in one process, interleaved (for growth); False gives each its own.
    dtypes
        Precisions it is measured in.
    """

    name: str
    title: str
    sizes: tuple[tuple[int, int], ...]
    quick: tuple[tuple[int, int], ...]
    entrants: tuple[Entrant, ...]
    reference: str
    check_batch: Mapping[int, int] = field(default_factory=dict)
    tolerance: float | None = None
    noisy: bool = False
    together: bool = False
    dtypes: tuple[str, ...] = PRECISIONS

    def workload(self, n: int, batch: int, dtype: str, device: str) -> Workload:
        """Return the case's work at one size."""
        return Workload(n, batch, dtype, device, Noise() if self.noisy else None)


MEMORY = "keeps 64 density matrices of 1 MiB a gate and channel for the backward pass: tens of GiB"

CASES = {
    case.name: case
    for case in (
        Case(
            "w1",
            "W1: loss and gradient of weights, inputs and head, batch 128",
            ((4, 128), (8, 128), (10, 128), (12, 128)),
            ((4, 128),),
            (
                Entrant(OWN, "redqubit_engine.gradient_step", cuda=True),
                Entrant("PennyLane torch", "pennylane_torch.gradient_step", cuda=True),
                Entrant("PennyLane jax.jit", "pennylane_jax.broadcast_step", cuda=True),
                Entrant(
                    "PennyLane jax.vmap + jit",
                    "pennylane_jax.vmap_step",
                    quick=False,
                    limit=4,
                    reason="equal to jax.jit within noise (n = 8: 14.5 against 14.4 ms, measured "
                    "once), and compiles as long again",
                ),
                Entrant(
                    "TensorCircuit-NG jax.vmap + jit",
                    "tensorcircuit.gradient_step",
                    quick=False,
                    limit=8,
                    reason="measured once in complex128: compiles for 80 s and needs 500 ms a step "
                    "at n = 10, 116 s and 2,900 ms at n = 12",
                ),
                Entrant(
                    "PennyLane lightning adjoint",
                    "pennylane_torch.lightning_step",
                    limit=10,
                    reason="seconds a step: one sample at a time",
                ),
                Entrant("qulacs backprop", "qulacs_backprop.gradient_step"),
            ),
            "reference.gradient_step",
        ),
        Case(
            "w2",
            "W2: noisy loss and gradient, batch 64",
            ((4, 64), (6, 64), (8, 64)),
            ((4, 64),),
            (
                Entrant(OWN, "redqubit_engine.gradient_step", cuda=True),
                Entrant(
                    "PennyLane default.mixed torch",
                    "pennylane_torch.gradient_step",
                    limit=6,
                    reason=MEMORY,
                ),
                Entrant(
                    "PennyLane default.mixed jax.jit",
                    "pennylane_jax.broadcast_step",
                    quick=False,
                    limit=6,
                    reason=MEMORY,
                ),
                Entrant(
                    "TensorCircuit-NG DMCircuit jax",
                    "tensorcircuit.gradient_step",
                    quick=False,
                    limit=6,
                    reason=MEMORY,
                ),
            ),
            "reference.gradient_step",
            check_batch={8: 2},
            noisy=True,
        ),
        Case(
            "closed_form",
            "W2: noisy evaluation with frozen weights, forward, batch 64",
            ((4, 64), (6, 64), (8, 64)),
            ((4, 64),),
            (
                Entrant(f"{OWN} frozen", "redqubit_engine.frozen_values", cuda=True),
                Entrant(f"{OWN} weights free", "redqubit_engine.expectation_values", cuda=True),
                Entrant("Qiskit Aer density_matrix", "aer.expectation_values"),
            ),
            "reference.values",
            check_batch={8: 4},
            noisy=True,
        ),
        Case(
            "w3",
            "W3: Gram matrix of 1,000 encoded states",
            ((4, 1000), (8, 1000), (10, 1000)),
            ((4, 1000),),
            (
                Entrant(f"{OWN} any encoder", "redqubit_gram.any_encoder"),
                Entrant(f"{OWN} product encoder", "redqubit_gram.product_encoder"),
                Entrant("one matrix product", "gram.product"),
                Entrant("PennyLane fidelity_statevector", "gram.pennylane_fidelity"),
                Entrant("PennyLane kernel circuit", "gram.pennylane_kernel", checked=False),
            ),
            "contenders.gram.truth",
            dtypes=("complex128",),  # what near duplicates need, and what the kernel computes in
        ),
        Case(
            "w4",
            "W4: weight gradients of 16 models on one batch",
            ((4, 32), (4, 128), (8, 32)),
            ((4, 32),),
            (
                Entrant(f"{OWN} model axis", "redqubit_engine.models_at_once", cuda=True),
                Entrant(f"{OWN} loop", "redqubit_engine.models_in_turn", cuda=True),
                Entrant("PennyLane jax.vmap over models", "pennylane_jax.models_step", cuda=True),
            ),
            "reference.many_models",
        ),
        Case(
            "pgd",
            "Projected gradient, 20 steps, 1,000 samples, weights frozen",
            ((8, 1000),),
            ((4, 100),),
            (
                Entrant(OWN, "redqubit_attack.projected_gradient", cuda=True),
                Entrant(
                    f"{OWN} attacks.ProjectedGradient",
                    "redqubit_attack.shipped_attack",
                    checked=False,
                ),
                Entrant("ART on PennyLane TorchLayer", "art_pgd.projected_gradient"),
            ),
            "attack.truth",
            tolerance=1e-6,  # the toolbox hands inputs over in single precision
        ),
        Case(
            "growth",
            "Growth of the W1 step with batch and qubits",
            (
                *((8, batch) for batch in (32, 64, 128, 256, 512, 1024)),
                *((n, 128) for n in (2, 4, 6, 10, 12, 14)),
            ),
            ((4, 32), (4, 64), (6, 32)),
            (Entrant(OWN, "redqubit_engine.gradient_step", cuda=True),),
            "reference.gradient_step",
            check_batch=dict.fromkeys((2, 4, 6, 8, 10, 12), 16) | {14: 4},
            together=True,
        ),
    )
}


@dataclass(frozen=True)
class Group:
    """What one worker process measures: a case in one precision at one size, or at all of them."""

    case: str
    sizes: tuple[tuple[int, int], ...]
    dtype: str
    device: str = "cpu"

    def __str__(self) -> str:
        sizes = " ".join(f"n={n} batch={batch}" for n, batch in self.sizes[:3])
        more = " ..." if len(self.sizes) > 3 else ""
        return f"{self.case} {self.dtype} {self.device} {sizes}{more}"


def plan(names: tuple[str, ...], dtypes: tuple[str, ...], device: str, quick: bool) -> list[Group]:
    """Return the groups of the named cases in the order they run."""
    groups = []
    for name in names:
        case = CASES[name]
        sizes = case.quick if quick else case.sizes
        if device == "cuda" and not any(entrant.cuda for entrant in case.entrants):
            continue
        parts = [sizes] if case.together else [(size,) for size in sizes]
        chosen = [dtype for dtype in dtypes if dtype in case.dtypes]
        groups += [Group(name, part, dtype, device) for dtype in chosen for part in parts]
    return groups
