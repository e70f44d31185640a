"""Random OpenQASM 2 and 3 programs that are valid: gate definitions, broadcast, loops, branches."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

Version = Literal[2, 3]
ONE: Final = ("h", "x", "y", "z", "s", "t", "sdg", "tdg")
TURNS: Final = ("rx", "ry", "rz")
TWO: Final = ("cx", "cz", "ch")  # in qelib1.inc and stdgates.inc alike
ANGLES: Final = ("0", "pi", "pi/2", "-pi/4", "2*pi", "1e-9", "0.1", "3.0*pi/7", "1000000")


@dataclass
class _Writer:
    """The program so far and what may be used in the next statement."""

    rng: random.Random
    version: Version
    modifiers: bool
    lines: list[str] = field(default_factory=list)
    registers: dict[str, int] = field(default_factory=dict)
    bits: dict[str, int] = field(default_factory=dict)
    gates: dict[str, tuple[int, int]] = field(default_factory=dict)  # parameters, qubits

    def angle(self, parameters: list[str]) -> str:
        """Return an angle, sometimes over the parameters of the gate being defined."""
        if parameters and self.rng.random() < 0.6:
            return f"{self.rng.choice(parameters)}*{self.rng.choice(('2', '0.5', 'pi'))}"
        return self.rng.choice(ANGLES)

    def call(self, pick: Callable[[int], list[str]], free: int, parameters: list[str]) -> str:
        """Return a gate call on at most ``free`` operands taken from ``pick``."""
        own = [name for name, (_, qubits) in self.gates.items() if qubits <= free]
        choice = self.rng.random()
        if own and choice < 0.4:
            name = self.rng.choice(own)
            angles, width = self.gates[name]
            head = f"({','.join(self.angle(parameters) for _ in range(angles))})" if angles else ""
            return f"{name}{head} {','.join(pick(width))};"
        if free >= 2 and choice < 0.6:
            return f"{self.rng.choice(TWO)} {','.join(pick(2))};"
        if choice < 0.8:
            return f"{self.rng.choice(TURNS)}({self.angle(parameters)}) {pick(1)[0]};"
        return f"{self.rng.choice(ONE)} {pick(1)[0]};"


def program(rng: random.Random, version: Version, *, modifiers: bool = True) -> str:
    """Return a valid program of at most a few hundred operations after expansion.

    Parameters
    ----------
    modifiers
        Whether OpenQASM 3 programs use ``ctrl``, ``inv`` and ``pow``, which not every parser knows.
    """
    writer = _Writer(rng, version, modifiers)
    header = ("OPENQASM 2.0;", 'include "qelib1.inc";')
    writer.lines += header if version == 2 else ("OPENQASM 3.0;", 'include "stdgates.inc";')
    for index in range(rng.randint(0, 4)):
        _define(writer, f"g{index}")
    for index in range(rng.randint(1, 3)):
        size = rng.randint(1, 4)
        writer.registers[f"q{index}"] = size
        writer.lines.append(
            f"qreg q{index}[{size}];" if version == 2 else f"qubit[{size}] q{index};"
        )
    for index in range(rng.randint(1, 2)):
        size = rng.randint(1, 4)
        writer.bits[f"c{index}"] = size
        writer.lines.append(f"creg c{index}[{size}];" if version == 2 else f"bit[{size}] c{index};")
    for _ in range(rng.randint(1, 8)):
        writer.lines += _statement(writer, 2)
    return "\n".join(writer.lines) + "\n"


def _define(writer: _Writer, name: str) -> None:
    rng = writer.rng
    parameters = [f"{name}_p{index}" for index in range(rng.randint(0, 2))]
    qubits = [f"a{index}" for index in range(rng.randint(1, 3))]

    def pick(count: int) -> list[str]:
        return rng.sample(qubits, count)

    body = [writer.call(pick, len(qubits), parameters) for _ in range(rng.randint(1, 4))]
    head = f"({','.join(parameters)})" if parameters else ""
    writer.lines.append(f"gate {name}{head} {','.join(qubits)} {{ {' '.join(body)} }}")
    writer.gates[name] = (len(parameters), len(qubits))


def _statement(writer: _Writer, depth: int) -> list[str]:
    rng = writer.rng
    choice = rng.random()
    if depth and choice < 0.25:
        return _nested(writer, depth)
    if choice < 0.35:
        return [_measure(writer)]
    if choice < 0.4:
        return [f"barrier {rng.choice(list(writer.registers))};"]
    if choice < 0.45:
        return [f"reset {_one(writer)};"]
    if choice < 0.6:
        return [_broadcast(writer)]
    pick = _picker(writer)
    call = writer.call(pick, sum(writer.registers.values()), [])
    if writer.version == 3 and writer.modifiers and rng.random() < 0.3:
        return [_modified(writer, call)]
    return [call]


def _modified(writer: _Writer, call: str) -> str:
    choice = writer.rng.random()
    if choice < 0.4:
        return f"inv @ {call}"
    if choice < 0.6:
        return f"pow({writer.rng.randint(1, 3)}) @ {call}"
    used = {operand.strip() for operand in call.rstrip(";").rpartition(" ")[2].split(",")}
    free = [qubit for qubit in _qubits(writer) if qubit not in used]
    if not free:
        return call
    head, _, operands = call.rpartition(" ")
    return f"ctrl @ {head} {writer.rng.choice(free)},{operands}"


def _nested(writer: _Writer, depth: int) -> list[str]:
    rng = writer.rng
    name, size = rng.choice(list(writer.bits.items()))
    if writer.version == 2:
        return [f"if({name}=={rng.randrange(2**size)}) {_gate(writer)}"]
    body = [line for _ in range(rng.randint(1, 3)) for line in _statement(writer, depth - 1)]
    body = [line for line in body if line]
    if rng.random() < 0.5:
        first = rng.randint(0, 3)
        over = f"[{first}:{first + rng.randint(0, 3)}]"
        if rng.random() < 0.3:
            over = "{0, 2, 5}"
        return [f"for uint i{depth} in {over} {{", *body, "}"]
    other = ["} else {", _gate(writer)] if rng.random() < 0.4 else []
    return [f"if ({name}[{rng.randrange(size)}]) {{", *body, *other, "}"]


def _gate(writer: _Writer) -> str:
    return writer.call(_picker(writer), sum(writer.registers.values()), [])


def _qubits(writer: _Writer) -> list[str]:
    return [f"{name}[{i}]" for name, size in writer.registers.items() for i in range(size)]


def _picker(writer: _Writer) -> Callable[[int], list[str]]:
    def pick(count: int) -> list[str]:
        return writer.rng.sample(_qubits(writer), count)

    return pick


def _one(writer: _Writer) -> str:
    return writer.rng.choice([*writer.registers, *_qubits(writer)])


def _measure(writer: _Writer) -> str:
    rng = writer.rng
    pairs = [
        (q, c) for q, n in writer.registers.items() for c, size in writer.bits.items() if n == size
    ]
    if pairs and rng.random() < 0.5:
        qubit, bit = rng.choice(pairs)
    else:
        name, size = rng.choice(list(writer.bits.items()))
        qubit, bit = rng.choice(_qubits(writer)), f"{name}[{rng.randrange(size)}]"
    return f"measure {qubit} -> {bit};" if writer.version == 2 else f"{bit} = measure {qubit};"


def _broadcast(writer: _Writer) -> str:
    """Return a call on whole registers, of equal size where there are two."""
    rng = writer.rng
    name = rng.choice(list(writer.registers))
    equal = [
        other for other, size in writer.registers.items() if size == writer.registers[name] != 0
    ]
    equal.remove(name)
    if equal and rng.random() < 0.5:
        return f"cx {name},{rng.choice(equal)};"
    return f"{rng.choice(ONE)} {name};"
