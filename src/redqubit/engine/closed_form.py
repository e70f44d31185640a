"""A frozen model as one real tensor: each output is an exact trigonometric polynomial.

With frozen weights, and whatever the noise, an expectation value is linear in the Pauli vectors of
the encoded qubits, hence a trigonometric polynomial of the features. Evaluating it needs two small
matrix products and no simulation.

Source: Schuld, Sweke, Meyer, PRA 103, 032430 (2021), eq. 2-5, for the Fourier series.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import torch

from redqubit.core.errors import InputError, unknown

Norm = Literal["linf", "l2"]
Arrays = dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class ClosedForm:
    """Outputs ``f_k(x) = sum T[k, i_1, ..., i_F] b_1[i_1] ... b_F[i_F]``.

    ``b_f`` is the basis ``(1, cos a, sin a, cos 2a, sin 2a, ...)`` of the angle
    ``a = scales[f] * x[f] + offsets[f]``, in radians.

    Parameters
    ----------
    tensor
        ``T (K, d_1, ..., d_F)``, float64, ``d_f = 2 degree_f + 1``; 1 for an unused feature.
    scales, offsets
        (F,), float64.

    Raises
    ------
    InputError
        Shapes that do not fit together, or values that are not finite.
    """

    tensor: torch.Tensor
    scales: torch.Tensor
    offsets: torch.Tensor
    _halves: dict[tuple[torch.dtype, torch.device], torch.Tensor] = field(
        default_factory=dict, init=False, repr=False
    )

    def __post_init__(self) -> None:
        for name in ("tensor", "scales", "offsets"):
            value = torch.as_tensor(getattr(self, name), dtype=torch.float64).detach()
            if not bool(torch.isfinite(value).all()):
                raise InputError(f"{name} of a closed form must be finite, got NaN or infinity")
            object.__setattr__(self, name, value)
        features = self.tensor.dim() - 1
        if features < 0 or self.scales.shape != (features,) or self.offsets.shape != (features,):
            raise InputError(
                f"a closed form needs a tensor (K, d_1, ..., d_F) with F scales and offsets, got "
                f"{tuple(self.tensor.shape)}, {tuple(self.scales.shape)} and "
                f"{tuple(self.offsets.shape)}"
            )
        if any(size % 2 == 0 for size in self.tensor.shape[1:]):
            raise InputError(
                f"sizes of a closed form are odd (2 degree + 1), got {tuple(self.tensor.shape[1:])}"
            )

    @property
    def n_features(self) -> int:
        """Return F."""
        return self.tensor.dim() - 1

    @property
    def n_outputs(self) -> int:
        """Return K."""
        return self.tensor.shape[0]

    @property
    def degrees(self) -> tuple[int, ...]:
        """Return the trigonometric degree in each feature, 0 where it is unused."""
        return tuple((size - 1) // 2 for size in self.tensor.shape[1:])

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Return the outputs (B, K) of features ``x (B, F)``, float32 or float64 as ``x`` is."""
        if x.dim() != 2 or x.shape[1] != self.n_features:
            raise InputError(f"x must have shape (B, {self.n_features}), got {tuple(x.shape)}")
        x = x if x.dtype in (torch.float32, torch.float64) else x.to(torch.float32)
        bases = self._bases(x)
        half = _cut([len(basis) for basis in bases], self.n_outputs)
        left, right = _outer(bases[:half], x), _outer(bases[half:], x)
        inner = (self._unfolded(x, len(left)) @ left).view(-1, len(right), len(x))
        return (inner * right).sum(1).mT  # the batch comes last: sums run over contiguous rows

    def _bases(self, x: torch.Tensor) -> list[torch.Tensor]:
        """Return the basis (d_f, B) of each used feature."""
        used = [f for f, degree in enumerate(self.degrees) if degree]
        where = torch.tensor(used, dtype=torch.long, device=x.device)
        scales, offsets = self.scales.to(x)[where], self.offsets.to(x)[where]
        angles = (x.index_select(1, where) * scales + offsets).mT.contiguous()
        highest = max(self.degrees, default=0)
        columns = [torch.ones_like(angles)]
        for multiple in range(1, highest + 1):
            turned = angles if multiple == 1 else angles * multiple
            columns += [torch.cos(turned), torch.sin(turned)]
        wide = torch.stack(columns, dim=1)
        return [wide[i, : 2 * self.degrees[f] + 1] for i, f in enumerate(used)]

    def _unfolded(self, x: torch.Tensor, rows: int) -> torch.Tensor:
        """Return the tensor as (outputs x right features, left features) in x's precision."""
        key = (x.dtype, x.device)
        if key not in self._halves:
            wide = self.tensor.reshape(self.n_outputs, rows, -1).mT
            self._halves[key] = wide.reshape(-1, rows).to(x)
        return self._halves[key]

    def contract_head(self, weight: torch.Tensor, bias: torch.Tensor) -> ClosedForm:
        """Return the closed form of ``weight (C, K) @ outputs + bias (C,)``."""
        weight, bias = _head(weight, bias, self.n_outputs)
        tensor = torch.tensordot(weight, self.tensor, dims=([1], [0]))
        tensor.view(len(bias), -1)[:, 0] += bias
        return ClosedForm(tensor, self.scales, self.offsets)

    def derivative(self, feature: int) -> ClosedForm:
        """Return the closed form of the partial derivatives by one feature."""
        if not 0 <= feature < self.n_features:
            raise InputError(f"feature must be in 0..{self.n_features - 1}, got {feature}")
        turned = torch.zeros_like(self.tensor).movedim(feature + 1, 0)
        own = self.tensor.movedim(feature + 1, 0)
        for multiple in range(1, self.degrees[feature] + 1):
            rate = multiple * float(self.scales[feature])
            turned[2 * multiple - 1] = rate * own[2 * multiple]  # (sin)' = cos
            turned[2 * multiple] = -rate * own[2 * multiple - 1]  # (cos)' = -sin
        return ClosedForm(turned.movedim(0, feature + 1).contiguous(), self.scales, self.offsets)

    def bound(self) -> torch.Tensor:
        """Return an upper bound (K,) of ``|f_k|`` over all inputs.

        Each feature in turn is replaced by its worst case: ``|a + sum_m (b_m cos + c_m sin)|`` is
        at most ``|a| + sum_m sqrt(b_m^2 + c_m^2)``, also when a, b, c are bounds themselves.
        """
        worst = self.tensor
        for size in self.tensor.shape[:0:-1]:
            total = worst[..., 0].abs()
            for multiple in range(1, (size - 1) // 2 + 1):
                pair = worst[..., 2 * multiple - 1 : 2 * multiple + 1]
                total = total + torch.linalg.vector_norm(pair, dim=-1)
            worst = total
        return worst.abs()

    def lipschitz(self, norm: Norm = "linf") -> torch.Tensor:
        """Return Lipschitz constants (K,) of the outputs over all inputs; upper bounds.

        ``|f_k(x) - f_k(y)| <= L_k |x - y|`` with the L-inf or L2 distance of the raw features. A
        partial derivative is bounded by `bound` and by Bernstein's inequality (degree times scale
        times the bound of what depends on the feature), whichever is smaller.
        """
        if norm not in ("linf", "l2"):
            raise unknown("norm", str(norm), ("linf", "l2"))
        slopes = []
        for feature, degree in enumerate(self.degrees):
            if not degree:
                continue
            varying = self.tensor.clone()
            varying.select(feature + 1, 0).zero_()
            bernstein = ClosedForm(varying, self.scales, self.offsets).bound()
            bernstein = bernstein * degree * self.scales[feature].abs()
            slopes.append(torch.minimum(self.derivative(feature).bound(), bernstein))
        if not slopes:
            return torch.zeros(self.n_outputs, dtype=torch.float64)
        stacked = torch.stack(slopes)
        return stacked.sum(0) if norm == "linf" else torch.linalg.vector_norm(stacked, dim=0)

    def arrays(self) -> Arrays:
        """Return plain arrays that `from_arrays` reads back."""
        names = ("tensor", "scales", "offsets")
        return {name: getattr(self, name).cpu().numpy() for name in names}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> ClosedForm:
        """Build the closed form that `arrays` described."""
        return cls(*_take(arrays, ("tensor", "scales", "offsets")))


@dataclass(frozen=True, eq=False)
class QuadraticForm:
    """Outputs ``f_k(x) = x^T O_k x / x^T x``: a frozen model with amplitude encoding.

    Parameters
    ----------
    matrices
        ``O (K, F, F)``, float64; only the symmetric part matters and is kept.

    Raises
    ------
    InputError
        Matrices that are not square or not finite.
    """

    matrices: torch.Tensor
    _cast: dict[tuple[torch.dtype, torch.device], torch.Tensor] = field(
        default_factory=dict, init=False, repr=False
    )

    def __post_init__(self) -> None:
        matrices = torch.as_tensor(self.matrices, dtype=torch.float64).detach()
        if matrices.dim() != 3 or matrices.shape[1] != matrices.shape[2]:
            raise InputError(
                f"a quadratic form needs matrices (K, F, F), got {tuple(matrices.shape)}"
            )
        if not bool(torch.isfinite(matrices).all()):
            raise InputError("matrices of a quadratic form must be finite, got NaN or infinity")
        object.__setattr__(self, "matrices", (matrices + matrices.mT) / 2)

    @property
    def n_features(self) -> int:
        """Return F."""
        return self.matrices.shape[1]

    @property
    def n_outputs(self) -> int:
        """Return K."""
        return self.matrices.shape[0]

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Return the outputs (B, K) of features ``x (B, F)`` that are not all zero."""
        if x.dim() != 2 or x.shape[1] != self.n_features:
            raise InputError(f"x must have shape (B, {self.n_features}), got {tuple(x.shape)}")
        x = x if x.dtype in (torch.float32, torch.float64) else x.to(torch.float32)
        key = (x.dtype, x.device)
        if key not in self._cast:
            wide = self.matrices.transpose(0, 1).reshape(self.n_features, -1)
            self._cast[key] = wide.to(x)
        unit = x / torch.linalg.vector_norm(x, dim=1, keepdim=True)
        inner = (unit @ self._cast[key]).view(len(x), self.n_outputs, self.n_features)
        return torch.bmm(inner, unit.unsqueeze(-1)).squeeze(-1)

    def contract_head(self, weight: torch.Tensor, bias: torch.Tensor) -> QuadraticForm:
        """Return the quadratic form of ``weight (C, K) @ outputs + bias (C,)``."""
        weight, bias = _head(weight, bias, self.n_outputs)
        identity = torch.eye(self.n_features, dtype=torch.float64, device=self.matrices.device)
        total = torch.tensordot(weight, self.matrices, dims=([1], [0]))
        return QuadraticForm(total + bias[:, None, None] * identity)

    def lipschitz(self, norm: Norm = "l2", smallest: float = 1.0) -> torch.Tensor:
        """Return Lipschitz constants (K,) on inputs of L2 length at least ``smallest`` > 0.

        On the unit sphere ``f(u) - f(v) = (u - v)^T O (u + v)`` is at most the largest minus the
        smallest eigenvalue times ``|u - v|``, and scaling to the sphere shortens distances by
        ``smallest``. The L-inf constant is ``sqrt(F)`` times larger.
        """
        if norm not in ("linf", "l2"):
            raise unknown("norm", str(norm), ("linf", "l2"))
        if not 0 < smallest < math.inf:
            raise InputError(f"the smallest length must be finite and > 0, got {smallest!r}")
        values = torch.linalg.eigvalsh(self.matrices)
        spread: torch.Tensor = (values[:, -1] - values[:, 0]) / smallest
        return spread * (math.sqrt(self.n_features) if norm == "linf" else 1.0)

    def arrays(self) -> Arrays:
        """Return plain arrays that `from_arrays` reads back."""
        return {"matrices": self.matrices.cpu().numpy()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> QuadraticForm:
        """Build the quadratic form that `arrays` described."""
        return cls(*_take(arrays, ("matrices",)))


def _take(arrays: Mapping[str, np.ndarray], names: Sequence[str]) -> list[torch.Tensor]:
    for name in arrays:
        if name not in names:
            raise unknown("array", name, names)
    missing = [name for name in names if name not in arrays]
    if missing:
        raise InputError(f"a stored form lacks the arrays {missing}; it needs {list(names)}")
    return [torch.tensor(np.asarray(arrays[name], dtype=np.float64)) for name in names]


def _head(
    weight: torch.Tensor, bias: torch.Tensor, outputs: int
) -> tuple[torch.Tensor, torch.Tensor]:
    weight = torch.as_tensor(weight, dtype=torch.float64).detach()
    bias = torch.as_tensor(bias, dtype=torch.float64).detach()
    if weight.dim() != 2 or weight.shape[1] != outputs or bias.shape != weight.shape[:1]:
        raise InputError(
            f"a head needs weight (C, {outputs}) and bias (C,), got {tuple(weight.shape)} and "
            f"{tuple(bias.shape)}"
        )
    return weight, bias


def _cut(sizes: Sequence[int], outputs: int) -> int:
    """Return how many bases go left: the least numbers to write a sample, in both products."""
    costs = [math.prod(sizes[:i]) + outputs * math.prod(sizes[i:]) for i in range(len(sizes) + 1)]
    return costs.index(min(costs))


def _outer(bases: Sequence[torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """Return the products (d_1 d_2 ..., B) of bases (d, B), the first slowest."""
    if not bases:
        return x.new_ones(1, len(x))
    total = bases[0]
    for basis in bases[1:]:
        total = (total.unsqueeze(1) * basis.unsqueeze(0)).flatten(0, 1)
    return total
