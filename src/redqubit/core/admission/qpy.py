"""Bounds on a QPY file from its headers and length fields; nothing is loaded or decoded.

The file is walked once: every length is compared with the bytes that remain before it is
followed, circuits within circuits are entered to a fixed depth, and what an instruction's
definition holds is counted where the instruction stands.

Source: the QPY format of Qiskit, versions 13 to 18 (qiskit.qpy module documentation).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Final

from redqubit.core.admission.found import CAP, CONTROLLED, Tally

MAGIC: Final = b"QISKIT"
OLDEST: Final = 13  # versions whose layout this module knows
NEWEST: Final = 18
DEEPEST: Final = 64  # circuits within circuits, a hard stop of the walk
_FILE: Final = struct.Struct("!6sBBBBQc")
_CIRCUIT: Final = struct.Struct("!H1cHIIQIQI")
_REGISTER: Final = struct.Struct("!1c?IH?")
_VARIABLE: Final = struct.Struct("!16scH")
_DEFINITION: Final = struct.Struct("!H1cII?QIIQ")
_INSTRUCTION: Final = struct.Struct("!HHHIIBHqII")
_TYPED: Final = struct.Struct("!1cQ")
_RANGE: Final = struct.Struct("!qqq")
_STATE: Final = struct.Struct("!IQ")
_COUNT: Final = struct.Struct("!Q")
_SHORT: Final = struct.Struct("!I")
_HALF: Final = struct.Struct("!H")
_VECTOR: Final = struct.Struct("!HQ16s")
_LAYOUT: Final = struct.Struct("!?iiiIi")
_BIT: Final = struct.Struct("!ii")
_MODIFIER: Final = struct.Struct("!1cIId")
_EXPRESSION: Final = 2  # flags of an instruction
_ANNOTATED: Final = 4
_ARGUMENT: Final = 5  # bytes of a reference to a bit
_VARIABLE_TYPES: Final = {b"b": 0, b"u": 4, b"f": 0, b"d": 0}


class _MalformedError(Exception):
    """A length or a type that cannot be right."""


@dataclass
class _Reader:
    """A position in ``data``; no read crosses ``end``."""

    data: bytes
    position: int
    end: int
    seen: list[tuple[int, str, str]] | None = None  # records read: where, format, what

    def within(self, begin: int, size: int) -> _Reader:
        """Return a reader of ``size`` bytes from ``begin``."""
        return _Reader(self.data, begin, begin + size, self.seen)

    def skip(self, size: int, what: str) -> int:
        """Step over ``size`` bytes and return where they began."""
        start = self.position
        if size > self.end - start:
            raise _MalformedError(f"{what} of {size:,} bytes where {self.end - start:,} remain")
        self.position += size
        return start

    def take(self, form: struct.Struct, what: str) -> tuple[object, ...]:
        """Read one record."""
        start = self.skip(form.size, what)
        if self.seen is not None:
            self.seen.append((start, form.format, what))
        return form.unpack_from(self.data, start)

    def numbers(self, form: struct.Struct, what: str) -> list[int]:
        """Read one record and return its integers, bytes as their first byte."""
        return [
            field if isinstance(field, int) else field[0] if isinstance(field, bytes) else 0
            for field in self.take(form, what)
        ]

    def room(self, count: int, size: int, what: str) -> None:
        """Raise unless ``count`` things of at least ``size`` bytes fit."""
        if count * size > self.end - self.position:
            left = self.end - self.position
            raise _MalformedError(f"{count:,} {what} where {left:,} bytes remain")


@dataclass
class _Walk:
    """The walk through one file."""

    tally: Tally
    version: int
    depth: int = 0
    table: list[dict[bytes, int]] = field(default_factory=list)


def read_qpy(data: bytes, tally: Tally) -> None:
    """Fill ``tally`` with bounds on the QPY file ``data``."""
    _walk_file(_Reader(data, 0, len(data)), tally)


def fields(data: bytes) -> tuple[tuple[int, str, str], ...]:
    """Return the records of a QPY file as far as it can be followed: where, format, what.

    Formats are those of the standard library's ``struct``.
    """
    seen: list[tuple[int, str, str]] = []
    _walk_file(_Reader(data, 0, len(data), seen), Tally())
    return tuple(seen)


def _walk_file(reader: _Reader, tally: Tally) -> None:
    data = reader.data
    try:
        if data[:6] != MAGIC:
            raise _MalformedError("a file that does not begin as QPY does")
        if len(data) > 6:
            tally.version = data[6]
        fields = reader.take(_FILE, "a header")
        programs, encoding = fields[5], fields[6]
        assert isinstance(programs, int)
        tally.programs = programs
        if encoding not in (b"p", b"e"):
            raise _MalformedError(f"symbolic encoding {encoding!r}")
        if encoding == b"e":
            tally.fault("symbolic encoding", "native symengine expressions, which need unpickling")
        if not OLDEST <= tally.version <= NEWEST:
            return  # the version limit decides; other layouts are not followed
        if reader.take(struct.Struct("!1c"), "a program type") != (b"q",):
            raise _MalformedError("a program that is no circuit")
        _walk_programs(_Walk(tally, tally.version), reader, programs)
    except _MalformedError as error:
        tally.fault("length fields", str(error))


def _walk_programs(walk: _Walk, reader: _Reader, programs: int) -> None:
    starts = []
    if walk.version >= 16:
        reader.room(programs, 8, "programs")
        last = 0
        for _ in range(programs):
            (start,) = reader.numbers(_COUNT, "an offset")
            if start < max(last + 1, 19) or start >= reader.end:
                raise _MalformedError(f"a program at byte {start:,} of {reader.end:,}")
            starts.append(start)
            last = start
    else:
        reader.room(programs, _CIRCUIT.size, "programs")
    for index in range(programs):
        if starts:
            end = starts[index + 1] if index + 1 < programs else len(reader.data)
            reader = reader.within(starts[index], end - starts[index])
        walk.tally.gates = min(walk.tally.gates + _circuit(walk, reader, True), CAP)
        if not starts and index + 1 < programs:
            _skip_end(walk, reader)


def _circuit(walk: _Walk, reader: _Reader, outermost: bool) -> int:
    """Walk one circuit and return its operations after expansion."""
    walk.depth += 1
    walk.tally.nesting = max(walk.tally.nesting, walk.depth)
    if walk.depth > DEEPEST:
        raise _MalformedError(f"circuits nested more than {DEEPEST} deep")
    name, _, phase, qubits, bits, metadata, registers, count, variables = reader.numbers(
        _CIRCUIT, "a circuit header"
    )
    if outermost:
        walk.tally.qubits += qubits
        walk.tally.bits += bits
    else:  # bits of an inner circuit are made too, though they are not new
        walk.tally.qubits = max(walk.tally.qubits, qubits)
        walk.tally.bits = max(walk.tally.bits, bits)
    reader.skip(name, "a name")
    reader.skip(phase, "a global phase")
    reader.skip(metadata, "metadata")
    _registers(walk, reader, registers)
    _variables(reader, variables)
    if walk.version >= 15:
        (spaces,) = reader.numbers(_SHORT, "annotation namespaces")
        reader.room(spaces, _STATE.size, "annotation namespaces")
        for _ in range(spaces):
            space, state = reader.numbers(_STATE, "an annotation namespace")
            reader.skip(space + state, "an annotation namespace")
    if walk.version >= 18:
        _vectors(walk, reader)
    walk.table.append(_definitions(walk, reader))
    reader.room(count, _INSTRUCTION.size, "instructions")
    total = 0
    for _ in range(count):
        total += _instruction(walk, reader)
    walk.table.pop()
    walk.depth -= 1
    walk.tally.tokens += count
    return min(total, CAP)


def _registers(walk: _Walk, reader: _Reader, registers: int) -> None:
    reader.room(registers, _REGISTER.size, "registers")
    for _ in range(registers):
        key, _, size, name, _ = reader.numbers(_REGISTER, "a register")
        if walk.version < 18:
            reader.skip(name + 8 * size, "a register")
            continue
        contiguous = reader.data[reader.skip(1, "a register")] == 1
        reader.skip(name + (4 if contiguous else 4 * size), "a register")
        if key == ord("c"):  # one index may stand for a register of any size
            walk.tally.bits = max(walk.tally.bits, size)
        else:
            walk.tally.qubits = max(walk.tally.qubits, size)


def _vectors(walk: _Walk, reader: _Reader) -> None:
    """Step over the parameter vectors that version 18 lists once a circuit."""
    (vectors,) = reader.numbers(_HALF, "parameter vectors")
    reader.room(vectors, _VECTOR.size, "parameter vectors")
    for _ in range(vectors):
        name, size, _ = reader.numbers(_VECTOR, "a parameter vector")
        reader.skip(name, "a parameter vector")
        walk.tally.parameters += size


def _variables(reader: _Reader, variables: int) -> None:
    reader.room(variables, _VARIABLE.size + 1, "variables")
    for _ in range(variables):
        name = reader.numbers(_VARIABLE, "a variable")[2]
        key = reader.data[reader.skip(1, "a type") : reader.position]
        if key not in _VARIABLE_TYPES:
            raise _MalformedError(f"a variable of type {key!r}")
        reader.skip(_VARIABLE_TYPES[key] + name, "a variable")


def _definitions(walk: _Walk, reader: _Reader) -> dict[bytes, int]:
    """Walk the definitions a circuit brings and return what each expands to."""
    (count,) = reader.numbers(_COUNT, "definitions")
    reader.room(count, _DEFINITION.size, "definitions")
    table: dict[bytes, int] = {}
    for _ in range(count):
        size, _, _, _, defined, body, controls, _, base = reader.numbers(
            _DEFINITION, "a definition"
        )
        start = reader.skip(size, "a gate name")
        name = reader.data[start : start + size]
        cost = 1
        if defined:
            begin = reader.skip(body, "a definition")
            if not name.startswith(b"###PauliEvolutionGate_"):
                cost = _circuit(walk, reader.within(begin, body), False)
            else:
                cost = max(body, 1)
        if base:
            begin = reader.skip(base, "a base gate")
            inner = _instruction(walk, reader.within(begin, base), bare=True)
            cost = max(cost, inner * max(CONTROLLED * controls, 1))
        table[name] = max(cost, table.get(name, 0), 1)
        walk.tally.definitions += 1
    return table


def _instruction(walk: _Walk, reader: _Reader, bare: bool = False) -> int:
    """Walk one instruction and return its operations; ``bare`` has no bits written after it."""
    size, label, parameters, qubits, bits, flags, condition, _, _, _ = reader.numbers(
        _INSTRUCTION, "an instruction"
    )
    start = reader.skip(size, "a gate name")
    name = reader.data[start : start + size]
    reader.skip(label + condition, "a label")
    if flags & 3 == _EXPRESSION:
        reader.skip(reader.numbers(_TYPED, "a condition")[1], "a condition")
    if not bare:
        reader.skip(_ARGUMENT * (qubits + bits), "bits of an instruction")
    cost = max((table[name] for table in walk.table if name in table), default=1)
    rounds, inner = 1, 0
    for _ in range(parameters):
        key, length = reader.numbers(_TYPED, "a parameter")
        begin = reader.skip(length, "a parameter")
        if key == ord("q"):
            inner += _circuit(walk, reader.within(begin, length), False)
        elif key == ord("r") and length == _RANGE.size:
            rounds *= _rounds(walk, reader.data, begin)
        elif key == ord("t") and length >= 8 and name == b"ForLoopOp":
            rounds *= max(_COUNT.unpack_from(reader.data, begin)[0], 1)
        elif key == ord("m") and length == _MODIFIER.size:
            _, count, _, power = _MODIFIER.unpack_from(reader.data, begin)
            cost *= max(CONTROLLED * count, 1) * (1 + int(min(abs(power), CAP)))
    if flags & _ANNOTATED:
        (annotations,) = reader.numbers(_SHORT, "annotations")
        reader.room(annotations, _STATE.size, "annotations")
        for _ in range(annotations):
            reader.skip(reader.numbers(_STATE, "an annotation")[1], "an annotation")
    if rounds > 1:
        walk.tally.rounds = max(walk.tally.rounds, min(rounds, CAP))
    return min(max(cost, rounds * max(inner, 1)), CAP)


def _rounds(walk: _Walk, data: bytes, begin: int) -> int:
    start, stop, step = (int(number) for number in _RANGE.unpack_from(data, begin))
    if not step:
        walk.tally.fault("loops", "a range with step 0")
        return 1
    return max((stop - start + step - (1 if step > 0 else -1)) // step, 1)


def _skip_end(walk: _Walk, reader: _Reader) -> None:
    """Step over what follows the instructions, where the next circuit has no offset."""
    (calibrations,) = reader.numbers(_HALF, "calibrations") if walk.version < 18 else (0,)
    if calibrations:
        raise _MalformedError("pulse calibrations, which Qiskit no longer reads")
    present, initial, inputs, final, registers, _ = reader.numbers(_LAYOUT, "a layout")
    if not present:
        return
    _registers(walk, reader, registers)
    reader.room(max(initial, 0), _BIT.size, "bits of a layout")
    for _ in range(initial):
        name = reader.numbers(_BIT, "a bit of a layout")[1]
        reader.skip(max(name, 0), "a register name")
    reader.skip(4 * (max(inputs, 0) + max(final, 0)), "a layout")
