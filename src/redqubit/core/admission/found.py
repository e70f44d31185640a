"""What admission control found in a circuit, before anything is allowed or refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

CAP: Final = 10**18  # counts saturate here, so that a bound never becomes a big integer
CONTROLLED: Final = 100  # gates that controlling one gate makes, for each control, at most


@dataclass(frozen=True)
class Fault:
    """Something no limit makes acceptable: the ``rule`` it breaks and what ``came``."""

    rule: str
    came: str


@dataclass(frozen=True)
class Estimate:
    """Upper bounds on what a circuit holds; counts saturate at `CAP`.

    Parameters
    ----------
    kind
        ``qasm2``, ``qasm3``, ``qasm`` (text without a version) or ``qpy``.
    bytes
        Size as it came; ``unpacked`` is the size after decompression.
    tokens
        Words and symbols of the text, comments left out; instructions of a QPY file.
    nesting
        Deepest nesting of brackets in text, of circuits within circuits in QPY.
    qubits, bits
        Declared quantum and classical bits.
    gates
        Operations after register broadcast, loops, modifiers and the expansion of the gates the
        circuit itself defines; gates of the standard includes count as one.
    rounds
        Largest product of nested loop rounds.
    magnitude
        Largest absolute value of a number or constant expression.
    growth
        Largest binary logarithm an expression over parameters may reach.
    includes
        File names the text includes.
    parameters
        Elements of the parameter vectors a QPY file declares.
    definitions
        Gates and subroutines defined.
    depth
        Longest chain of definitions that call each other.
    programs
        Circuits in the file.
    version
        Version of the language or of QPY; 0 where the text does not say.
    faults
        What no limit makes acceptable.
    """

    kind: str
    bytes: int
    unpacked: int
    tokens: int = 0
    nesting: int = 0
    qubits: int = 0
    bits: int = 0
    gates: int = 0
    rounds: int = 1
    magnitude: float = 0.0
    growth: float = 0.0
    includes: tuple[str, ...] = ()
    parameters: int = 0
    definitions: int = 0
    depth: int = 0
    programs: int = 1
    version: int = 0
    faults: tuple[Fault, ...] = ()


@dataclass
class Tally:
    """An `Estimate` in the making."""

    tokens: int = 0
    nesting: int = 0
    qubits: int = 0
    bits: int = 0
    gates: int = 0
    rounds: int = 1
    magnitude: float = 0.0
    growth: float = 0.0
    includes: list[str] = field(default_factory=list)
    parameters: int = 0
    definitions: int = 0
    depth: int = 0
    programs: int = 1
    version: int = 0
    faults: list[Fault] = field(default_factory=list)

    def fault(self, rule: str, came: str) -> None:
        """Note a broken rule; after twenty, one more changes nothing."""
        if len(self.faults) < 20:
            self.faults.append(Fault(rule, came))

    def close(self, kind: str, size: int, unpacked: int) -> Estimate:
        """Return the finished estimate of ``size`` bytes."""
        return Estimate(
            kind=kind,
            bytes=size,
            unpacked=unpacked,
            tokens=self.tokens,
            nesting=self.nesting,
            qubits=min(self.qubits, CAP),
            bits=min(self.bits, CAP),
            gates=min(self.gates, CAP),
            rounds=min(self.rounds, CAP),
            magnitude=self.magnitude,
            growth=self.growth,
            includes=tuple(self.includes),
            parameters=min(self.parameters, CAP),
            definitions=self.definitions,
            depth=self.depth,
            programs=self.programs,
            version=self.version,
            faults=tuple(self.faults),
        )
