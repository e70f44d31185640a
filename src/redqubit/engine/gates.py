"""Matrices of Qiskit's standard gates: fixed ones as arrays, parameterized ones in torch.

Every parameterized builder takes real angle tensors of one common shape ``(...)`` and returns the
complex matrices ``(..., 2^k, 2^k)`` in Qiskit's bit order, differentiable any number of times.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from qiskit.circuit import ControlledGate, Instruction
from qiskit.circuit.library import get_standard_gate_name_mapping

Builder = Callable[..., torch.Tensor]
Entry = torch.Tensor | None


def _phase(angle: torch.Tensor) -> torch.Tensor:
    return torch.complex(torch.cos(angle), torch.sin(angle))


def _pair(angle: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return cos, sin and -i sin of half the angle, as complex numbers."""
    cos, sin = torch.cos(angle / 2), torch.sin(angle / 2)
    zero = torch.zeros_like(cos)
    return torch.complex(cos, zero), torch.complex(sin, zero), torch.complex(zero, -sin)


def _matrix(rows: Sequence[Sequence[Entry]]) -> torch.Tensor:
    """Stack entries of one shape to a matrix; None is zero."""
    first = next(entry for row in rows for entry in row if entry is not None)
    zero = torch.zeros_like(first)
    flat = [zero if entry is None else entry for row in rows for entry in row]
    return torch.stack(flat, dim=-1).reshape(*first.shape, len(rows), len(rows))


def _diagonal(*entries: torch.Tensor) -> torch.Tensor:
    return torch.diag_embed(torch.stack(entries, dim=-1))


def _rx(theta: torch.Tensor) -> torch.Tensor:
    c, _, m = _pair(theta)
    return _matrix([[c, m], [m, c]])


def _ry(theta: torch.Tensor) -> torch.Tensor:
    c, s, _ = _pair(theta)
    return _matrix([[c, -s], [s, c]])


def _rz(theta: torch.Tensor) -> torch.Tensor:
    return _diagonal(_phase(-theta / 2), _phase(theta / 2))


def _p(theta: torch.Tensor) -> torch.Tensor:
    return _diagonal(_phase(torch.zeros_like(theta)), _phase(theta))


def _r(theta: torch.Tensor, phi: torch.Tensor) -> torch.Tensor:
    c, _, m = _pair(theta)
    return _matrix([[c, m * _phase(-phi)], [m * _phase(phi), c]])


def _u(theta: torch.Tensor, phi: torch.Tensor, lam: torch.Tensor) -> torch.Tensor:
    c, s, _ = _pair(theta)
    return _matrix([[c, -_phase(lam) * s], [_phase(phi) * s, _phase(phi + lam) * c]])


def _u2(phi: torch.Tensor, lam: torch.Tensor) -> torch.Tensor:
    return _u(torch.full_like(phi, np.pi / 2), phi, lam)


def _controlled(base: torch.Tensor) -> torch.Tensor:
    """Control a one-qubit gate by the less significant of two qubits."""
    one = torch.ones_like(base[..., 0, 0])
    a, b, c, d = base.flatten(-2).unbind(-1)
    return _matrix(
        [[one, None, None, None], [None, a, None, b], [None, None, one, None], [None, c, None, d]]
    )


def _cu(*angles: torch.Tensor) -> torch.Tensor:
    theta, phi, lam, gamma = angles
    return _controlled(_u(theta, phi, lam) * _phase(gamma)[..., None, None])


def _cp(theta: torch.Tensor) -> torch.Tensor:
    one = _phase(torch.zeros_like(theta))
    return _diagonal(one, one, one, _phase(theta))


def _rxx(theta: torch.Tensor) -> torch.Tensor:
    c, _, m = _pair(theta)
    return _matrix([[c, None, None, m], [None, c, m, None], [None, m, c, None], [m, None, None, c]])


def _ryy(theta: torch.Tensor) -> torch.Tensor:
    c, _, m = _pair(theta)
    return _matrix(
        [[c, None, None, -m], [None, c, m, None], [None, m, c, None], [-m, None, None, c]]
    )


def _rzz(theta: torch.Tensor) -> torch.Tensor:
    minus, plus = _phase(-theta / 2), _phase(theta / 2)
    return _diagonal(minus, plus, plus, minus)


def _rzx(theta: torch.Tensor) -> torch.Tensor:
    c, _, m = _pair(theta)
    return _matrix(
        [[c, None, m, None], [None, c, None, -m], [m, None, c, None], [None, -m, None, c]]
    )


def _xx_minus_yy(theta: torch.Tensor, beta: torch.Tensor) -> torch.Tensor:
    c, _, m = _pair(theta)
    one = _phase(torch.zeros_like(theta))
    return _matrix(
        [
            [c, None, None, m * _phase(-beta)],
            [None, one, None, None],
            [None, None, one, None],
            [m * _phase(beta), None, None, c],
        ]
    )


def _xx_plus_yy(theta: torch.Tensor, beta: torch.Tensor) -> torch.Tensor:
    c, _, m = _pair(theta)
    one = _phase(torch.zeros_like(theta))
    return _matrix(
        [
            [one, None, None, None],
            [None, c, m * _phase(-beta), None],
            [None, m * _phase(beta), c, None],
            [None, None, None, one],
        ]
    )


PARAMETERIZED: dict[str, Builder] = {
    "rx": _rx,
    "ry": _ry,
    "rz": _rz,
    "p": _p,
    "u1": _p,
    "r": _r,
    "u": _u,
    "u3": _u,
    "u2": _u2,
    "crx": lambda theta: _controlled(_rx(theta)),
    "cry": lambda theta: _controlled(_ry(theta)),
    "crz": lambda theta: _controlled(_rz(theta)),
    "cp": _cp,
    "cu1": _cp,
    "cu3": lambda *angles: _controlled(_u(*angles)),
    "cu": _cu,
    "rxx": _rxx,
    "ryy": _ryy,
    "rzz": _rzz,
    "rzx": _rzx,
    "xx_minus_yy": _xx_minus_yy,
    "xx_plus_yy": _xx_plus_yy,
}

_STANDARD: dict[str, Instruction] = {
    name: gate
    for name, gate in get_standard_gate_name_mapping().items()
    if gate.num_qubits and name not in ("measure", "reset", "delay")
}
_CLASSES = {gate.base_class: name for name, gate in _STANDARD.items()}

FIXED: dict[str, np.ndarray] = {
    name: np.asarray(gate.to_matrix(), dtype=np.complex128)
    for name, gate in _STANDARD.items()
    if not gate.params
}
for _array in FIXED.values():
    _array.setflags(write=False)


def standard_name(gate: Instruction) -> str | None:
    """Return the standard name of a gate by its class, or None.

    A gate of another class that borrows a standard name and a gate with open controls are not
    standard.
    """
    if isinstance(gate, ControlledGate) and gate.ctrl_state != 2**gate.num_ctrl_qubits - 1:
        return None
    return _CLASSES.get(gate.base_class)
