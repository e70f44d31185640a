"""All angles of a plan at once: one matrix product for the affine ones, torch for the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from redqubit.engine.expression import Angle, Expression


class AngleMap:
    """Evaluate a list of angles on batches.

    Parameters
    ----------
    angles
        In the order of the result.
    n_features, n_weights
        Lengths of ``x`` and ``w``.
    """

    def __init__(
        self,
        angles: Sequence[Angle],
        n_features: int,
        n_weights: int,
        dtype: torch.dtype,
        device: torch.device,
    ) -> None:
        slopes_x = np.zeros((len(angles), n_features))
        slopes_w = np.zeros((len(angles), n_weights))
        constant = np.array([angle.constant for angle in angles])
        general: list[tuple[int, Expression]] = []
        for row, angle in enumerate(angles):
            if angle.expression is not None:
                general.append((row, angle.expression))
            for index, slope in angle.features:
                slopes_x[row, index] = slope
            for index, slope in angle.weights:
                slopes_w[row, index] = slope
        self._from_x = torch.tensor(slopes_x, dtype=dtype, device=device)
        self._from_w = torch.tensor(slopes_w.T.copy(), dtype=dtype, device=device)
        self._constant = torch.tensor(constant, dtype=dtype, device=device)
        self._uses_w = bool(slopes_w.any())
        self._offset = bool(constant.any())
        self._copies_x = np.array_equal(slopes_x, np.eye(len(angles)))
        self._rows = torch.tensor([row for row, _ in general], dtype=torch.long, device=device)
        self._general = [expression for _, expression in general]

    def of_weights(self, w: torch.Tensor) -> torch.Tensor:
        """Return ``(M, T)`` angles of ``w (M, W)``; none of them may use features."""
        affine = torch.addmm(self._constant, w, self._from_w)
        if self._general:
            none = w[:, :0]
            values = [expression(none, w) for expression in self._general]
            affine = affine.index_copy(1, self._rows, torch.stack(values, 1))
        return affine

    def of_samples(self, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        """Return ``(m, T, B)`` angles of ``x (m, B, F)`` and ``w (M, W)``; m is 1 where it can."""
        affine = x.mT if self._copies_x else self._from_x @ x.mT
        if self._uses_w:
            affine = affine + torch.addmm(self._constant, w, self._from_w).unsqueeze(-1)
        elif self._offset:
            affine = affine + self._constant.unsqueeze(-1)
        if self._general:
            values = [expression(x, w.unsqueeze(1)) for expression in self._general]
            models = max([affine.shape[0], *(value.shape[0] for value in values)])
            shape = (models, x.shape[1])
            stacked = torch.stack([value.expand(shape) for value in values], 1)
            affine = affine.expand(models, -1, -1).index_copy(1, self._rows, stacked)
        return affine
