"""All angles of a plan at once: one matrix product for the affine ones, torch for the others.

Leading axes are those of ``w (..., W)`` and ``x (..., B, F)``: none, or one of models.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from redqubit.engine.expression import Angle, Expression, bundles


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
        by_x = np.zeros((len(angles), n_features))
        by_w = np.zeros((len(angles), n_weights))
        constant = np.array([angle.constant for angle in angles])
        general: dict[int, Expression] = {}
        for row, angle in enumerate(angles):
            if angle.expression is not None:
                general[row] = angle.expression
            for index, slope in angle.features:
                by_x[row, index] = slope
            for index, slope in angle.weights:
                by_w[row, index] = slope
        self._by_x = torch.tensor(by_x, dtype=dtype, device=device)
        self._by_w = torch.tensor(by_w, dtype=dtype, device=device)
        self._constant = torch.tensor(constant, dtype=dtype, device=device)
        self.uses_weights = bool(by_w.any())
        self._offset = bool(constant.any())
        self._general = [bundle.to(dtype, device) for bundle in bundles(general)]
        rows = [row for bundle in self._general for row in bundle.rows]
        self._rows = torch.tensor(rows, dtype=torch.long, device=device)

    @property
    def affine(self) -> bool:
        """Return whether every angle is affine in features and weights."""
        return not self._general

    def of_weights(self, w: torch.Tensor) -> torch.Tensor:
        """Return ``(..., T)`` angles of ``w (..., W)``; none of them may use features."""
        angles = torch.nn.functional.linear(w, self._by_w, self._constant)
        if self._general:
            values = torch.cat([bundle(w[..., :0], w) for bundle in self._general], -1)
            angles = angles.index_copy(-1, self._rows, values)
        return angles

    def of_weights_adjoint(self, du: torch.Tensor) -> torch.Tensor:
        """Return the gradient ``(..., W)`` of affine angles by weights."""
        return du @ self._by_w

    def of_samples(self, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        """Return ``(..., T, B)`` angles of ``x (..., B, F)`` and ``w (..., W)``."""
        angles = self._by_x @ x.mT
        if self.uses_weights:
            by_weights = torch.nn.functional.linear(w, self._by_w, self._constant)
            angles = angles + by_weights.unsqueeze(-1)
        elif self._offset:
            angles = angles + self._constant.unsqueeze(-1)
        if self._general:
            values = [bundle(x, w.unsqueeze(-2)) for bundle in self._general]
            lead = torch.broadcast_shapes(  # type: ignore[no-untyped-call]
                angles.shape[:-2], *(value.shape[:-2] for value in values)
            )
            wide = [value.expand(*lead, x.shape[-2], value.shape[-1]) for value in values]
            angles = angles.expand(*lead, *angles.shape[-2:])
            angles = angles.index_copy(-2, self._rows, torch.cat(wide, -1).mT)
        return angles

    def of_samples_adjoint(self, dphi: torch.Tensor) -> torch.Tensor:
        """Return the gradient ``(..., B, F)`` of affine angles of samples by features."""
        return (self._by_x.mT @ dphi).mT
