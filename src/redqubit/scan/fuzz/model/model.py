"""The model under test as its user declares it: functions on batches, and what should hold."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from redqubit.core.errors import InputError

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    """A model's functions; each is optional but ``outputs``, and enables the oracles that need it.

    Parameters
    ----------
    outputs
        Rows of features, shape (n, features), to outputs, shape (n,) or (n, outputs).
    features
        Features of a row; inputs are drawn from ``low`` to ``high`` for each.
    period
        Length after which the outputs repeat, for all features or for each; None if they do not.
    rows
        Training rows, shape (n, features), which should not be the same modulo ``period``.
    gradient
        Rows to derivatives by features, shape (n, features) or (n, outputs, features).
    weights, weighted, weight_gradient
        A weight vector, a function of weights and rows to outputs, and its derivatives by weights,
        shape (n, weights) or (n, outputs, weights). ``parameter_shift`` says that each weight turns
        one Pauli rotation, so that the two-term rule is exact.
    sampled
        Rows, shots and seed to estimated outputs; outputs are then expectation values in [-1, 1].
    amplitude
        Whether rows are written into amplitudes, so that their length does not matter.
    kernel
        Two sets of rows to a kernel matrix.
    named, names
        A mapping from names to features, to the outputs of that one row, and these names in the
        order of the features.
    train, converged
        Weights to begin with to the loss reached, and the largest loss that counts as success.
    tolerance
        Largest difference of outputs that should be equal: 1e-9, or 1e-4 for complex64.
    """

    outputs: Callable[[Array], Any]
    features: int
    low: float = -math.pi
    high: float = math.pi
    period: float | Sequence[float] | None = None
    rows: Any = None
    gradient: Callable[[Array], Any] | None = None
    weights: Any = None
    weighted: Callable[[Array, Array], Any] | None = None
    weight_gradient: Callable[[Array, Array], Any] | None = None
    parameter_shift: bool = False
    sampled: Callable[[Array, int, int], Any] | None = None
    amplitude: bool = False
    kernel: Callable[[Array, Array], Any] | None = None
    named: Callable[[Mapping[str, float]], Any] | None = None
    names: Sequence[str] = ()
    train: Callable[[Array], float] | None = None
    converged: float = 0.0
    tolerance: float = 1e-9

    def __post_init__(self) -> None:
        if not callable(self.outputs):
            raise InputError("outputs is a function from rows to outputs")
        if self.features < 1:
            raise InputError(f"features is at least 1, not {self.features}")
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise InputError(f"inputs need a finite range, not {self.low} to {self.high}")
        if self.period is not None and not (self.periods > 0).all():
            raise InputError(f"a period is positive, not {self.period}")
        if (self.weighted or self.train) and self.weights is None:
            raise InputError("functions of weights need weights, the vector to begin with")
        if self.named is not None and len(self.names) != self.features:
            raise InputError(f"names has {len(self.names)} entries for {self.features} features")

    @property
    def periods(self) -> Array:
        """Return the period of each feature, shape (features,)."""
        given = np.asarray(self.period, dtype=np.float64)
        try:
            return np.array(np.broadcast_to(given, (self.features,)))
        except ValueError as error:
            raise InputError(
                f"period is one number or {self.features}, not {given.size}"
            ) from error

    def __call__(self, rows: Array) -> Array:
        """Return the outputs of rows, shape (n, outputs)."""
        return shaped(self.outputs(rows), len(rows))


def shaped(values: Any, rows: int) -> Array:
    """Return outputs as an array of shape (rows, outputs).

    Raises
    ------
    InputError
        There is not one output, or list of outputs, per row.
    """
    result = np.asarray(values, dtype=np.float64)
    if result.ndim == 0 and rows == 1:
        result = result.reshape(1)
    if result.ndim == 0 or len(result) != rows:
        raise InputError(
            f"a model returns one row of outputs per row of features: {rows} rows came back as "
            f"shape {result.shape}"
        )
    return result.reshape(rows, -1)
