"""M19: a kernel matrix is symmetric, positive semidefinite, and 1 on its diagonal."""

from __future__ import annotations

import numpy as np

from redqubit.scan.fuzz.model.model import Array, Model
from redqubit.scan.fuzz.model.oracle import Breach, Oracle

LEAST = -1e-8


def relation(model: Model, rows: Array, _: np.random.Generator) -> Breach | None:
    """Check the kernel matrix of the rows with themselves."""
    assert model.kernel is not None
    matrix = np.asarray(model.kernel(rows, rows), dtype=np.float64)
    shape = (len(rows), len(rows))
    if matrix.shape != shape:
        return Breach(float("inf"), f"the kernel matrix has shape {matrix.shape}, not {shape}")
    if not np.isfinite(matrix).all():
        return Breach(float("inf"), "the kernel matrix is not finite")
    slack = max(model.tolerance, 1e-9)
    for distance, detail in (
        (np.max(np.abs(matrix - matrix.T)), "the kernel matrix is not symmetric"),
        (np.max(np.abs(np.diag(matrix) - 1)), "the diagonal of the kernel matrix is not 1"),
        (np.max(matrix) - 1, "the kernel matrix has entries over 1"),
        (-np.min(matrix), "the kernel matrix has negative entries"),
    ):
        if distance > slack:
            return Breach(float(distance), f"{detail}, by {distance:.3g}")
    least = float(np.min(np.linalg.eigvalsh((matrix + matrix.T) / 2)))
    if least < min(LEAST, -slack * len(rows)):
        return Breach(-least, f"the kernel matrix has the eigenvalue {least:.3g}")
    return None


ORACLE = Oracle(
    "M19",
    "kernel matrix",
    "A kernel matrix is symmetric, positive semidefinite, in [0, 1] and 1 on its diagonal.",
    "For exact kernels: give a kernel without shot noise.",
    lambda model: "" if model.kernel is not None else "the model declares no kernel",
    relation,
    "Check that both arguments use the same encoder, and how entries are estimated.",
    rows=16,
)
