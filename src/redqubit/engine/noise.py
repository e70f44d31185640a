"""The noise of a device as one immutable record: channels after gates, and readout error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from redqubit.core import record
from redqubit.core.errors import InputError
from redqubit.engine.channels import Channel
from redqubit.engine.pauli_basis import Real

Channels = tuple[Channel, ...]


@dataclass(frozen=True)
class Readout:
    """Probabilities of reading the wrong bit: P(1 | 0) and P(0 | 1), each in [0, 1]."""

    one_given_zero: float
    zero_given_one: float

    def __post_init__(self) -> None:
        for name in ("one_given_zero", "zero_given_one"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise InputError(f"readout error {name} must be in [0, 1], got {value!r}")

    def transfer(self) -> Real:
        """Return the (4, 4) map of an observable: a measured Pauli P becomes ``a P + b I``.

        ``a = 1 - P(1|0) - P(0|1)`` and ``b = P(0|1) - P(1|0)``; column P holds its image. The
        rotation into the eigenbasis of X or Y is taken to be ideal.
        """
        scale = 1 - self.one_given_zero - self.zero_given_one
        matrix: Real = np.diag([1.0, scale, scale, scale])
        matrix[0, 1:] = self.zero_given_one - self.one_given_zero
        return matrix


@dataclass(frozen=True)
class Noise:
    """Channels that follow the gates of a circuit, and the error of its readout.

    After every gate the channels that apply to it act in order: a one-qubit channel on each qubit
    the gate touched, a wider channel jointly on a gate of exactly that many qubits (its first
    qubit is the gate's first). What applies is the most specific of: ``by_gate["cx 0,1"]``,
    ``by_gate["cx"]``, ``encoding`` (gates that depend on features), ``by_qubits["0,1"]``,
    ``one_qubit`` or ``two_qubit`` (all gates of two and more qubits). An empty tuple means none.
    Amplitude encoding prepares its state without noise.

    Parameters
    ----------
    one_qubit, two_qubit
        Defaults by the width of the gate.
    by_gate
        Channels for gates of a name, ``"cx"``, or of a name on given qubits, ``"cx 0,1"`` (in the
        gate's order of qubits).
    by_qubits
        Channels for all gates on exactly these qubits, ``"0"`` or ``"0,1"`` (increasing).
    encoding
        Channels for gates that depend on features, instead of the defaults; None keeps those.
    readout
        Nothing, one `Readout` for all qubits, or one a qubit.

    Raises
    ------
    InputError
        A key that names no gate or qubits, or something else than channels.
    """

    one_qubit: Channels = ()
    two_qubit: Channels = ()
    by_gate: Mapping[str, Channels] = field(default_factory=dict)
    by_qubits: Mapping[str, Channels] = field(default_factory=dict)
    encoding: Channels | None = None
    readout: tuple[Readout, ...] = ()

    def __post_init__(self) -> None:
        for name in ("one_qubit", "two_qubit", "encoding"):
            if name != "encoding" or self.encoding is not None:
                object.__setattr__(self, name, _channels(getattr(self, name), name))
        for channel in self.one_qubit:
            if channel.n_qubits != 1:
                raise InputError(
                    f"one_qubit takes one-qubit channels, got {channel.name} on {channel.n_qubits}"
                )
        for name, normal in (("by_gate", _gate_key), ("by_qubits", _qubit_key)):
            table = getattr(self, name)
            if not isinstance(table, Mapping):
                raise InputError(f"{name} maps keys to channels, got {type(table).__name__}")
            clean = {normal(k): _channels(v, f"{name}[{k!r}]") for k, v in table.items()}
            object.__setattr__(self, name, clean)
        readout = (self.readout,) if isinstance(self.readout, Readout) else tuple(self.readout)
        if not all(isinstance(item, Readout) for item in readout):
            raise InputError("readout takes Readout records, one for all qubits or one a qubit")
        object.__setattr__(self, "readout", readout)

    def after(self, gate: str, qubits: tuple[int, ...], encodes: bool = False) -> Channels:
        """Return the channels that follow ``gate`` on ``qubits`` (in the gate's order).

        ``encodes`` says that the gate depends on a feature.
        """
        for key in (f"{gate} {_join(qubits)}", gate):
            if key in self.by_gate:
                return self.by_gate[key]
        if encodes and self.encoding is not None:
            return self.encoding
        local = self.by_qubits.get(_join(sorted(qubits)))
        if local is not None:
            return local
        return self.one_qubit if len(qubits) == 1 else self.two_qubit

    def transfer_after(
        self, gate: str, qubits: tuple[int, ...], encodes: bool = False
    ) -> Real | None:
        """Return the Pauli transfer matrix (4^k, 4^k) of what follows a gate, None for nothing.

        Raises
        ------
        InputError
            A joint channel whose width is neither 1 nor that of the gate.
        """
        channels = self.after(gate, qubits, encodes)
        if not channels:
            return None
        width = len(qubits)
        total: Real = np.eye(4**width)
        for channel in channels:
            if channel.n_qubits not in (1, width):
                raise InputError(
                    f"{channel.name} acts on {channel.n_qubits} qubits jointly and cannot follow "
                    f"{gate!r} on {width}; give it to gates of its width through by_gate"
                )
            step = channel.transfer()
            for _ in range(width // channel.n_qubits - 1):
                step = np.asarray(np.kron(channel.transfer(), step), dtype=np.float64)
            total = step @ total
        return total

    def readout_transfers(self, n_qubits: int) -> list[Real] | None:
        """Return the readout map of each qubit, or None where the readout is ideal.

        Raises
        ------
        InputError
            A number of readout errors that is neither 0, 1 nor ``n_qubits``.
        """
        if not self.readout:
            return None
        if len(self.readout) not in (1, n_qubits):
            raise InputError(
                f"readout needs one entry for all qubits or {n_qubits}, got {len(self.readout)}"
            )
        each = self.readout if len(self.readout) == n_qubits else self.readout * n_qubits
        return [item.transfer() for item in each]

    @property
    def ideal(self) -> bool:
        """Return whether nothing is noisy."""
        tables = (*self.by_gate.values(), *self.by_qubits.values(), self.encoding or ())
        return not (self.one_qubit or self.two_qubit or self.readout or any(tables))

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON data that `from_json` reads back to an equal record."""
        data: dict[str, Any] = record.to_json(self)
        return data

    @classmethod
    def from_json(cls, data: Any) -> Noise:
        """Build the noise that `to_json` wrote; unknown keys and bad values are errors."""
        return record.from_json(cls, data, "noise")


def _channels(value: Any, where: str) -> Channels:
    """Return ``value`` (one channel or a sequence of them) as a tuple of channels."""
    channels = (value,) if isinstance(value, Channel) else value
    if not isinstance(channels, Sequence) or not all(isinstance(c, Channel) for c in channels):
        raise InputError(f"{where} takes channels such as depolarizing(0.01), got {value!r}")
    return tuple(channels)


def _join(qubits: Sequence[int]) -> str:
    return ",".join(str(qubit) for qubit in qubits)


def _indices(text: str, key: Any) -> list[int]:
    parts = text.split(",")
    if not all(part.strip().isdigit() for part in parts) or len(set(parts)) != len(parts):
        raise InputError(f"noise key {key!r} must list different qubits as '0' or '0,1'")
    return [int(part) for part in parts]


def _gate_key(key: Any) -> str:
    name, _, rest = str(key).strip().partition(" ")
    if not name:
        raise InputError("a by_gate key names a gate ('cx') and maybe its qubits ('cx 0,1')")
    return f"{name} {_join(_indices(rest, key))}" if rest else name


def _qubit_key(key: Any) -> str:
    if isinstance(key, int | tuple):
        key = _join(key) if isinstance(key, tuple) else str(key)
    return _join(sorted(_indices(str(key), key)))
