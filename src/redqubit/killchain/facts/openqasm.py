"""Size and encoding of a circuit, by one pass over its OpenQASM text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from redqubit.core.admission import AdmissionError, Limits, admit
from redqubit.core.errors import InputError
from redqubit.killchain.facts.fact import Found

QUBITS: Final = 100_000
_DECLARATION: Final = re.compile(r"(?:qreg\s+(\w+)\s*\[(\d+)\]|qubit\s*(?:\[(\d+)\])?\s*(\w+))$")
_CALL: Final = re.compile(r"(\w+)\s*(?:\((.*)\))?\s+([\w\s,\[\]:]+)$", re.DOTALL)
_WORDS: Final = {
    *("OPENQASM", "include", "creg", "bit", "input", "output", "const", "let", "opaque", "barrier"),
    *("measure", "reset", "if", "for", "while", "def", "defcal", "cal", "defcalgrammar", "gate"),
    *("return", "delay", "box", "pragma", "int", "uint", "float", "angle", "bool", "duration"),
}
_ROTATIONS: Final = {"rx", "ry", "rz", "p", "u1", "u2", "u3", "u", "U", "r", "phase"}


@dataclass
class _Circuit:
    """What has been counted so far."""

    qubits: dict[str, tuple[int, int]] = field(default_factory=dict)  # name: first, size
    gates: Counter[str] = field(default_factory=Counter)
    wide: int = 0
    front: dict[int, int] = field(default_factory=dict)  # qubit: depth
    parameters: int = 0
    opaque: bool = False
    before: list[str] = field(default_factory=list)  # gates before the first on two qubits
    last: list[tuple[str, list[int]]] = field(default_factory=list)  # the last two gates
    diagonal: bool = False  # a phase that depends on two qubits was seen


def openqasm(text: str, name: str) -> tuple[Found, ...]:
    """Count qubits, gates, depth and inputs of OpenQASM 2 or 3; loops and definitions count once.

    Raises
    ------
    InputError
        The text is not admitted (see `core.admission`), or declares no qubit.
    """
    try:
        admit(text, Limits(qubits=QUBITS, bits=QUBITS))
    except AdmissionError as refused:
        raise InputError(f"{name}: {refused}") from refused
    plain = re.sub(r"//[^\n]*|/\*.*?\*/", " ", text, flags=re.DOTALL)
    # A body in braces is a definition or a loop: it stands for a statement of its own.
    flat = re.sub(r"\{[^{}]*\}", ";", plain)
    circuit = _Circuit(opaque=flat != plain)
    for statement in flat.split(";"):
        _read(circuit, " ".join(statement.split()))
    if not circuit.qubits:
        raise InputError(f"{name} declares no qubit, so it is not an OpenQASM circuit")
    return _facts(circuit, name)


def _read(circuit: _Circuit, statement: str) -> None:
    if match := _DECLARATION.fullmatch(statement):
        register, size = (match[1], match[2]) if match[1] else (match[4], match[3] or "1")
        total = sum(count for _, count in circuit.qubits.values())
        circuit.qubits[register] = (total, int(size))
    elif re.match(r"input\s+(float|angle)", statement):
        inputs = re.search(r"array\[.*?,\s*(\d{1,6})\]", statement)
        circuit.parameters += int(inputs[1]) if inputs else 1
    elif (match := _CALL.fullmatch(statement)) and match[1] not in _WORDS:
        _apply(circuit, match[1], match[3])


def _apply(circuit: _Circuit, gate: str, operands: str) -> None:
    touched = [_qubits(circuit, operand.strip()) for operand in operands.split(",")]
    if not all(touched):
        return
    width = max(map(len, touched))
    for i in range(width):
        together = {group[i % len(group)] for group in touched}
        circuit.gates[gate] += 1
        if len(together) > 1:
            circuit.wide += 1
        elif not circuit.wide:
            circuit.before.append(gate)
        _note_phases(circuit, gate, [group[i % len(group)] for group in touched])
        depth = 1 + max(circuit.front.get(qubit, 0) for qubit in together)
        circuit.front.update(dict.fromkeys(together, depth))


def _note_phases(circuit: _Circuit, gate: str, qubits: list[int]) -> None:
    """Notice two-qubit phases, as one gate or as a phase between two equal CNOTs."""
    between = [name for name, _ in circuit.last] == ["cx", "phase"] and gate == "cx"
    if gate in ("rzz", "cp", "cu1") or (
        between and circuit.last[0][1] == qubits and circuit.last[1][1] == qubits[1:]
    ):
        circuit.diagonal = True
    name = "phase" if gate in ("p", "u1", "rz") else gate
    circuit.last = [*circuit.last[-1:], (name, qubits)]


def _qubits(circuit: _Circuit, operand: str) -> list[int]:
    register, _, index = operand.partition("[")
    if register.strip() not in circuit.qubits:
        return []
    first, size = circuit.qubits[register.strip()]
    index = index.rstrip("] ")
    if not index:
        return list(range(first, first + size))
    return [first + int(index)] if index.isdigit() and int(index) < size else []


def _facts(circuit: _Circuit, name: str) -> tuple[Found, ...]:
    count = sum(size for _, size in circuit.qubits.values())
    depth = max(circuit.front.values(), default=0)
    bound = "; loops and definitions count once" if circuit.opaque else ""
    found = [
        Found("model.qubits", count, name, "qubits declared"),
        Found("model.depth", depth, name, "longest chain of gates" + bound),
        Found("model.two_qubit_gates", circuit.wide, name, "gates on several qubits" + bound),
    ]
    if circuit.parameters:
        found.append(Found("model.parameters", circuit.parameters, name, "inputs of the circuit"))
    encoder, why = _encoder(circuit, count)
    if encoder:
        found.append(Found("model.encoder", encoder, name, why))
    return tuple(found)


def _encoder(circuit: _Circuit, count: int) -> tuple[str, str]:
    if circuit.gates.keys() & {"initialize", "state_preparation"}:
        return "amplitude", "a state preparation gate is used"
    start = Counter(circuit.before)
    turned = sum(start[gate] for gate in _ROTATIONS)
    if start["h"] >= count and turned >= count and circuit.diagonal:
        return "IQP", "Hadamard and phase gates on every qubit, then two-qubit phases"
    if turned >= count:
        return "angle", "every qubit is rotated before the first two-qubit gate"
    if start["x"] and not turned:
        return "basis", "bit flips come before the first two-qubit gate"
    return "", ""
