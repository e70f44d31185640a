"""The published certificate: how far a pure state may move before a measurement can change sides.

Two pure states at angle t (fidelity cos^2 t) give any effect probabilities cos^2 a and cos^2 b with
``|a - b| <= t``. So a prediction holds as long as t stays below the angle at which the winner's
probability can reach the rival's. Through a product angle encoding that angle becomes a radius.

Source: Weber et al., npj Quantum Information 7, 76 (2021), theorem 1 (two classes); the form for a
linear head on Pauli expectation values and the radii of inputs follow from the same inequality.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from redqubit.certify.arcs import Array
from redqubit.circuits import features
from redqubit.core.errors import InputError

if TYPE_CHECKING:
    from qiskit.circuit import QuantumCircuit

    from redqubit.engine.closed_form import ClosedForm

ROTATIONS = ("rx", "ry", "rz", "p")


@dataclass(frozen=True)
class Certified:
    """What the bound proves about one sample; zero where the prediction is not the label.

    Parameters
    ----------
    label, rival
        Index of the class that must win, and of the one that limits the radius.
    angle
        Bures angle (radians) the encoded state may move by, in [0, pi/2].
    fidelity
        The label wins for every state with larger fidelity to the sample's: ``cos^2(angle)``.
    linf, l2
        Radii of inputs (radians of the encoded angle) that keep the state within ``angle``.
    """

    label: int
    rival: int
    angle: float
    fidelity: float
    linf: float
    l2: float

    def statement(self) -> str:
        """Say in one sentence what is proved."""
        return (
            f"No input within {self.linf:.6g} rad L-inf or {self.l2:.6g} rad L2 leaves class "
            f"{self.label}: its state keeps a fidelity above {self.fidelity:.6f}."
        )


def of_model(
    model: Any, X: Any, y: Any = None, *, shots: int | None = None, alpha: float = 0.05
) -> tuple[Certified, ...]:
    """Certify samples of a trained `redqubit.models.qnn.QNN` whose encoder is a product of turns.

    Parameters
    ----------
    model
        Needs ``expectation_values``, ``head_weight_``, ``head_bias_`` and ``circuit_``.
    X, y, shots, alpha
        As for `radius`.

    Raises
    ------
    InputError
        Not such a model; observables that are no Pauli labels; or an encoder in which the fidelity
        of two states is not a product over features: a feature in more than one gate, two features
        on a qubit, or gates on several qubits before a feature.
    """
    for name in ("expectation_values", "head_weight_", "head_bias_", "circuit_"):
        if not hasattr(model, name):
            raise InputError(
                f"the fidelity bound needs a circuit model with a linear head, got "
                f"{type(model).__name__} without {name}: not covered"
            )
    if not all(isinstance(item, str) for item in getattr(model, "observables", None) or ()):
        raise InputError("the fidelity bound needs Pauli labels as observables: not covered")
    encoded = _product_encoding(model.circuit_)
    values = np.asarray(model.expectation_values(X))
    weight, bias = model.head_weight_, model.head_bias_
    return _certify(values, weight, bias, encoded, y, shots, alpha)


def radius(
    closed_form: ClosedForm,
    weight: Any,
    bias: Any,
    X: Any,
    y: Any = None,
    *,
    shots: int | None = None,
    alpha: float = 0.05,
) -> tuple[Certified, ...]:
    """Certify every sample by the angle its encoded state may move.

    Parameters
    ----------
    closed_form
        Expectation values ``(K, ...)`` of Pauli observables, before the head, of a model that turns
        one qubit a feature before anything else. Noise is part of the measurement and covered.
    weight, bias
        The linear head ``(C, K)``, ``(C,)``.
    X, y
        Samples ``(N, F)`` and class indices ``(N,)``; None certifies the model's predictions.
    shots, alpha
        With shots, the probabilities are lowered by Hoeffding's width, so that each certificate
        holds with probability at least ``1 - alpha`` over the shots that measured it.

    Raises
    ------
    InputError
        A feature of degree above 1, which is encoded more than once: the fidelity of the encoded
        states then is not a product over features. Or shapes that do not fit.
    """
    degrees = [size // 2 for size in closed_form.tensor.shape[1:]]
    if max(degrees, default=0) > 1:
        raise InputError(
            f"the fidelity bound needs every feature encoded by one rotation, got feature "
            f"{int(np.argmax(degrees))} with degree {max(degrees)}: not covered; use "
            f"certify.robustness"
        )
    used = sum(degree > 0 for degree in degrees)
    return _certify(_expectations(closed_form, X), weight, bias, used, y, shots, alpha)


def _certify(
    values: Array, weight: Any, bias: Any, used: int, y: Any, shots: int | None, alpha: float
) -> tuple[Certified, ...]:
    head, offset = np.asarray(weight, dtype=float), np.asarray(bias, dtype=float)
    if head.ndim != 2 or head.shape[1] != values.shape[1] or offset.shape != (len(head),):
        raise InputError(
            f"a head needs weight (C, {values.shape[1]}) and bias (C,), got {head.shape} and "
            f"{offset.shape}"
        )
    labels = (values @ head.T + offset).argmax(axis=1) if y is None else np.asarray(y)
    if labels.shape != (len(values),) or not np.isin(labels, np.arange(len(head))).all():
        raise InputError(f"labels must be {len(values)} class indices in 0..{len(head) - 1}")
    angles = head_angles(values, head, offset, labels, shots=shots, alpha=alpha)
    rivals = angles.argmin(axis=1)
    return tuple(
        Certified(
            int(label),
            int(rival),
            float(angle),
            math.cos(angle) ** 2,
            linf_radius(float(angle), used),
            l2_radius(float(angle)),
        )
        for label, rival, angle in zip(labels, rivals, angles.min(axis=1), strict=True)
    )


def fidelity_threshold(winner: float, runner_up: float) -> float:
    """Return the fidelity above which the class of probability ``winner`` stays the likeliest.

    ``(1 + sqrt g) / 2`` with ``sqrt g = sqrt(pA pB) + sqrt((1 - pA)(1 - pB))``. The trace distance
    that it allows is ``sqrt((1 - sqrt g) / 2)``.

    Raises
    ------
    InputError
        Not probabilities with ``winner >= runner_up`` and a sum of at most 1.
    """
    if not (0 <= runner_up <= winner <= 1 and winner + runner_up <= 1 + 1e-12):
        raise InputError(
            f"two classes of a distribution need 0 <= runner_up <= winner and a sum of at most 1, "
            f"got {runner_up} and {winner}"
        )
    overlap = math.sqrt(winner * runner_up) + math.sqrt((1 - winner) * (1 - runner_up))
    return (1 + min(overlap, 1.0)) / 2


def head_angles(
    values: Array,
    weight: Array,
    bias: Array,
    labels: Any,
    *,
    shots: int | None = None,
    alpha: float = 0.05,
) -> Array:
    """Return the angle (radians) to each rival class for a linear head: ``(N, C)``.

    ``values`` are expectation values ``(N, K)`` of observables with spectrum in [-1, 1]. For rival
    k, ``O = sum_i (W_yi - W_ki) O_i`` has norm at most ``R = sum_i |W_yi - W_ki|``, so
    ``p = (<O> + R) / (2 R)`` is the probability of an effect and the label leads while p exceeds
    ``t = (R - (b_y - b_k)) / (2 R)``. The angle is ``arccos sqrt t - arccos sqrt p``, pi/2 for the
    label itself and where no state can change the order, 0 where the rival leads.
    """
    gap = weight[labels][:, None] - weight[None]  # (N, C, K)
    lead = bias[labels][:, None] - bias[None]
    norm = np.abs(gap).sum(axis=2)
    scale = np.where(norm > 0, 2 * norm, 1.0)
    p = (np.einsum("nck,nk->nc", gap, values) + norm) / scale
    if shots is not None:
        if shots < 1 or not 0 < alpha < 1:
            raise InputError(f"need shots >= 1 and 0 < alpha < 1, got {shots} and {alpha}")
        p = p - math.sqrt(math.log(max(len(weight) - 1, 1) / alpha) / (2 * shots))
    t = (norm - lead) / scale
    room = np.arccos(np.sqrt(np.clip(t, 0, 1))) - np.arccos(np.sqrt(np.clip(p, 0, 1)))
    angles = np.where(p > t, np.where(t < 0, np.pi / 2, room), 0.0)
    angles = np.where(norm > 0, angles, np.where(lead > 0, np.pi / 2, 0.0))
    angles[np.arange(len(values)), labels] = np.pi / 2
    return np.asarray(np.clip(angles, 0, np.pi / 2))


def linf_radius(angle: float, features: int) -> float:
    """Return the L-inf radius (radians) in which ``features`` rotations move by at most ``angle``.

    The fidelity is at least ``prod cos^2(d_f / 2)``, smallest where every feature moves in full.
    """
    if features == 0 or angle >= math.pi / 2:
        return math.pi
    return 2 * math.acos(min(math.cos(angle) ** (1 / features), 1.0))


def l2_radius(angle: float) -> float:
    """Return the L2 radius (radians) in which product rotations move by at most ``angle``.

    ``log cos(sqrt(s) / 2)`` is concave in s, so the fidelity is smallest where one feature moves.
    """
    return 2 * angle


def _product_encoding(circuit: QuantumCircuit) -> int:
    """Return how many features the circuit encodes, each by the one turn of a qubit of its own."""
    encoded = set(features(circuit))
    seen: set[Any] = set()
    turned: set[Any] = set()
    joined = False
    for instruction in circuit.data:
        gate, own = instruction.operation, set()
        for parameter in gate.params:
            own |= set(getattr(parameter, "parameters", ())) & encoded
        if not own:
            joined |= len(instruction.qubits) > 1
            continue
        qubit = instruction.qubits[0]
        repeated = len(own) > 1 or own & seen or qubit in turned
        if joined or gate.name not in ROTATIONS or len(instruction.qubits) > 1 or repeated:
            raise InputError(
                f"the fidelity bound needs an encoder that turns one qubit a feature "
                f"({', '.join(ROTATIONS)}) before any gate on several qubits, got {gate.name!r} "
                f"of {', '.join(sorted(item.name for item in own))}: not covered; use "
                f"certify.robustness"
            )
        seen |= own
        turned.add(qubit)
    return len(seen)


def _expectations(closed_form: ClosedForm, X: Any) -> Array:
    import torch

    samples = torch.as_tensor(np.array(X, dtype=np.float64))
    return closed_form(samples).detach().cpu().numpy()
