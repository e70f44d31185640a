"""What an OpenQASM program has declared and defined so far, while its statements are read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from redqubit.core.admission.expression import fold
from redqubit.core.admission.found import CAP, Tally

NAMES: Final = re.compile(r"[^\W\d]\w*+")
_NAME: Final = re.compile(r"\s*+([^\W\d]\w*+)")
_INDEX: Final = re.compile(r"\s*+\w++\s*+(?:\[[^:\[\]‹›]*+\]\s*+)?\Z")


@dataclass
class Frame:
    """An open body: what it has cost so far, and how often it runs."""

    kind: str
    name: str = ""
    rounds: int = 1
    outer: int = 1  # product of its rounds and those around it
    count: int = 0
    local: dict[str, int] | None = None
    depth: int = 0  # of the deepest definition it calls


@dataclass
class Program:
    """What has been declared so far."""

    tally: Tally
    power: bool
    risky: bool
    registers: dict[str, int] = field(default_factory=dict)
    constants: dict[str, float] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)  # constants some parameter hides
    gates: dict[str, int] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=dict)
    subroutines: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)  # names met before a definition
    frames: list[Frame] = field(default_factory=list)

    def width(self, operand: str) -> int:
        """Return how many quantum or classical bits ``operand`` stands for, at most."""
        match = _NAME.match(operand)
        if match is None:
            return 1
        size = self._size(match[1])
        if size == 1 or "[" not in operand:
            return size
        return 1 if _INDEX.match(operand) else size

    def _size(self, name: str) -> int:
        local = self.frames[-1].local
        if local is not None and name in local:
            return local[name]
        size = self.registers.get(name)
        if size is None:
            self.used.add(name)
            return 1
        return size

    def mentioned(self, text: str) -> int:
        """Return the size of the largest register ``text`` names."""
        return max((self._size(name) for name in NAMES.findall(text)), default=1)

    def called(self, text: str) -> int:
        """Return what the subroutines ``text`` names cost."""
        if not self.subroutines or "(" not in text:
            return 0
        return sum(self.call(name) for name in NAMES.findall(text) if name in self.subroutines)

    def value(self, text: str, rule: str) -> int:
        """Return a constant integer, or note that ``text`` is none and return 1."""
        plain = text.strip()
        if plain.isascii() and plain.isdigit() and len(plain) < 19:
            return int(plain)
        folded = fold(plain, self.constants, self.power)
        if folded.value is None:
            self.tally.fault(rule, f"{plain[:40]!r}, which is no constant")
            return 1
        return int(min(max(folded.value, -CAP), CAP))

    def hide(self, names: list[str]) -> None:
        """Take constants away whose name now means something else."""
        for name in names:
            self.constants.pop(name, None)
        self.blocked.update(names)

    def declare(self, name: str, size: int, quantum: bool) -> None:
        """Add a register of ``size``."""
        size = max(size, 1)
        if name in self.used:
            self.tally.fault("order", f"{name!r} is used before it is declared")
        self.registers[name] = max(size, self.registers.get(name, 0))
        if quantum:
            self.tally.qubits += size
        else:
            self.tally.bits += size

    def call(self, name: str) -> int:
        """Return what one call of ``name`` costs, and note how deep its definition goes."""
        count = self.gates.get(name)
        if count is None:
            self.used.add(name)
            return 1
        frame = self.frames[-1]
        frame.depth = max(frame.depth, self.depths[name])
        return count

    def define(self, name: str, count: int, depth: int = 0) -> None:
        """Add a gate or subroutine of ``count`` operations that calls others ``depth`` deep."""
        if name in self.used:
            self.tally.fault("order", f"{name!r} is used before its definition, or calls itself")
        self.tally.definitions += 1
        self.depths[name] = max(depth + 1, self.depths.get(name, 0))
        self.tally.depth = max(self.tally.depth, depth + 1)
        self.gates[name] = max(min(count, CAP), 1, self.gates.get(name, 0))
