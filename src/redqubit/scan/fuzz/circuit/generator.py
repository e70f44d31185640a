"""Random valid circuits by profile: gate sets, models of quantum machine learning, odd angles."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from redqubit.core.errors import InputError, unknown
from redqubit.core.streams import seed_of, stream
from redqubit.scan.fuzz.circuit.frameworks import from_qiskit
from redqubit.scan.fuzz.circuit.subject import QUBITS, SHAPES, Gate, Subject

BOUNDARY: Final = tuple(
    sign * angle
    for angle in (0.0, 1e-12, 1e-3, math.pi / 4, math.pi / 2, math.pi, 2 * math.pi, 4 * math.pi)
    for sign in (1.0, -1.0)
)
LARGE: Final = (1e6, -1e6, 1e6 * math.pi, 1e17, -1e17)
_CLIFFORD: Final = ("x", "y", "z", "h", "s", "sdg", "sx", "sxdg", "cx", "cy", "cz", "swap")
_ROTATION: Final = ("rx", "ry", "rz", "p", "u", "h", "cx", "cz", "crx", "cry", "crz", "cp")
_ENTANGLING: Final = ("h", "rx", "t", "cx", "cz", "rxx", "ryy", "rzz", "swap", "ccx", "cswap")


@dataclass(frozen=True, slots=True)
class Profile:
    """Which gates are drawn, and how often an angle is one of ``special``."""

    name: str
    gates: tuple[str, ...]
    special: tuple[float, ...] = BOUNDARY
    chance: float = 0.25
    template: bool = False


PROFILES: Final = (
    Profile("universal", tuple(SHAPES)),
    Profile("clifford", _CLIFFORD),
    Profile("rotation", _ROTATION, chance=0.6),
    Profile("entangling", _ENTANGLING),
    Profile("model", (), chance=0.2, template=True),
    Profile("large", _ROTATION, special=LARGE, chance=0.3),
)
STANDARD: Final = tuple(profile.name for profile in PROFILES if profile.name != "large")


def profile(name: str) -> Profile:
    """Return the profile called ``name``; an unknown name is an error with the near miss."""
    for item in PROFILES:
        if item.name == name:
            return item
    raise unknown("profile", name, (item.name for item in PROFILES))


def generate(
    seed: int,
    index: int,
    *,
    profiles: tuple[str, ...] = STANDARD,
    qubits: int = 4,
    depth: int = 6,
) -> Subject:
    """Return circuit number ``index`` of the campaign ``seed``: 2 to ``qubits`` qubits.

    ``depth`` counts gates per qubit. Circuits depend on nothing else, so a campaign can go on at
    any index.

    Raises
    ------
    InputError
        Fewer than 2 or more than `QUBITS` qubits, a depth below 1 or an unknown profile.
    """
    if not 2 <= qubits <= QUBITS:
        raise InputError(f"qubits is a whole number from 2 to {QUBITS}, not {qubits}")
    if depth < 1:
        raise InputError(f"depth is at least 1, not {depth}")
    rng = stream(seed, "circuit", index)
    chosen = profile(profiles[index % len(profiles)])
    width = qubits if rng.random() < 0.75 else int(rng.integers(2, qubits + 1))
    own = seed_of(seed, "oracle", index)
    if chosen.template:
        return _model(rng, chosen, width, depth, own)
    names = [name for name in chosen.gates if SHAPES[name][0] <= width]
    count = int(rng.integers(1, depth * width + 1))
    gates = tuple(
        _gate(rng, chosen, names[int(rng.integers(len(names)))], width) for _ in range(count)
    )
    return Subject(width, gates, own)


def angle(rng: np.random.Generator, special: tuple[float, ...], chance: float) -> float:
    """Draw an angle in radians: a special one by ``chance``, else from -2 pi to 2 pi."""
    if rng.random() < chance:
        return special[int(rng.integers(len(special)))]
    return float(rng.uniform(-2 * math.pi, 2 * math.pi))


def _gate(rng: np.random.Generator, chosen: Profile, name: str, width: int) -> Gate:
    count, turns = SHAPES[name]
    places = tuple(int(place) for place in rng.permutation(width)[:count])
    return Gate(
        name, places, tuple(angle(rng, chosen.special, chosen.chance) for _ in range(turns))
    )


def _model(rng: np.random.Generator, chosen: Profile, width: int, depth: int, own: int) -> Subject:
    """Return an encoder and an ansatz, with features and weights bound to drawn angles."""
    from redqubit import circuits

    layers = int(rng.integers(1, max(2, depth // 3) + 1))
    encoder = circuits.angle(width) if rng.random() < 0.6 else circuits.zz_feature_map(width)
    builders = (
        circuits.strongly_entangling,
        circuits.real_amplitudes,
        circuits.hardware_efficient,
        circuits.simplified_two_design,
    )
    ansatz = builders[int(rng.integers(len(builders)))](width, layers=layers)
    circuit = circuits.join(encoder, ansatz)
    values = [angle(rng, chosen.special, chosen.chance) for _ in circuit.parameters]
    bound = from_qiskit(circuit.assign_parameters(values), own)
    if bound is None:
        bound = from_qiskit(circuit.assign_parameters(values).decompose(), own)
    assert bound is not None, "the templates are made of gates of the table"
    return bound
