"""Compare what a circuit holds with what is allowed."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass, replace
from typing import Final, Literal

from redqubit.core.admission.found import CAP, Estimate, Tally
from redqubit.core.admission.qpy import MAGIC, read_qpy
from redqubit.core.admission.text import read_text
from redqubit.core.errors import InputError, unknown

Kind = Literal["qasm", "qasm2", "qasm3", "qpy"]
KINDS: Final = ("qasm", "qasm2", "qasm3", "qpy")
UNPACKED: Final = 64 * 1024 * 1024  # bytes `estimate` decompresses when no limit is given


class AdmissionError(InputError):
    """A circuit is refused: ``rule`` is what it breaks, ``came`` what it holds, ``limit`` what may.

    Parameters
    ----------
    rule
        Name of a field of `Limits`, or of a `Fault`.
    """

    def __init__(self, rule: str, came: str, limit: str) -> None:
        super().__init__(f"circuit refused by {rule!r}: it has {came}; allowed: {limit}")
        self.rule = rule
        self.came = came
        self.limit = limit


@dataclass(frozen=True)
class Limits:
    """What a circuit may hold; the defaults admit what services of today run.

    Parameters
    ----------
    bytes
        Size of the text or file, also after decompression.
    tokens
        Words and symbols, or instructions of a QPY file.
    nesting
        Brackets within brackets; parsers that recurse give up near 1,000.
    circuits
        QPY circuits within circuits.
    qubits, bits
        Declared.
    gates
        Operations after expansion.
    free_gates, gates_per_byte
        Expansion: more than ``free_gates + gates_per_byte * bytes`` operations is a bomb,
        however many ``gates`` are allowed.
    rounds
        Product of nested loop rounds.
    magnitude
        Largest number and constant expression; at least 1e15, because shorter numbers are
        not read.
    growth
        Largest binary logarithm of an expression over parameters; 1024 is the end of float64.
    includes
        Files that may be included; the parser should be told the same.
    qpy_versions
        First and last version of QPY; before 13 an expression was evaluated as Python.
    programs
        Circuits in one QPY file.
    parameters
        Elements of the parameter vectors a QPY file declares.
    depth
        Definitions that call definitions; compilers that recurse give up near 300.
    """

    bytes: int = 16 * 1024 * 1024
    tokens: int = 1_000_000
    nesting: int = 100
    circuits: int = 16
    qubits: int = 4_096
    bits: int = 65_536
    gates: int = 1_000_000
    free_gates: int = 10_000
    gates_per_byte: float = 8.0
    rounds: int = 100_000
    magnitude: float = 2.0**64
    growth: float = 1024.0
    includes: tuple[str, ...] = ("qelib1.inc", "stdgates.inc")
    qpy_versions: tuple[int, int] = (13, 18)
    programs: int = 1_000
    parameters: int = 1_000_000
    depth: int = 200

    def __post_init__(self) -> None:
        if self.magnitude < 1e15:
            raise InputError(
                f"a magnitude limit is at least 1e15, not {self.magnitude:g}", "magnitude"
            )


DEFAULT: Final = Limits()


def estimate(
    data: str | bytes,
    kind: Kind | None = None,
    *,
    unpacked: int = UNPACKED,
    tokens: int = CAP,
) -> Estimate:
    """Bound what a circuit holds, in time linear in its bytes; nothing in it raises.

    Parameters
    ----------
    data
        OpenQASM text, or the bytes of an OpenQASM or QPY file, plain or packed by gzip or zlib.
    kind
        What is expected; None looks. ``qasm`` leaves the version of OpenQASM open.
    unpacked
        Bytes to decompress at most.
    tokens
        Words and symbols beyond which statements are not read.

    Raises
    ------
    InputError
        ``kind`` is unknown.
    """
    if kind is not None and kind not in KINDS:
        raise unknown("kind of circuit", kind, KINDS)
    tally = Tally()
    if isinstance(data, str):
        size = len(data) if data.isascii() else len(data.encode(errors="surrogatepass"))
        if kind == "qpy":
            tally.fault("kind", "text where a QPY file is expected")
        return _text(data, tally, kind, size, tokens)
    size = len(data)
    if packed := data[:2] == b"\x1f\x8b" or _is_zlib(data):
        data = _unpack(data, unpacked, tally)
    if kind == "qpy" or (kind is None and data[:6] == MAGIC):
        read_qpy(data, tally)
        return tally.close("qpy", size, len(data))
    if packed and not data:
        return tally.close(kind or "qasm", size, 0)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        tally.fault("encoding", f"byte {error.start:,} that is no UTF-8")
        return tally.close(kind or "qasm", size, len(data))
    return replace(_text(text, tally, kind, size, tokens), unpacked=len(data))


def _text(text: str, tally: Tally, kind: Kind | None, size: int, tokens: int) -> Estimate:
    read_text(text, tally, "qasm" if kind in (None, "qpy") else str(kind), tokens)
    seen = f"qasm{tally.version}" if tally.version else kind or "qasm"
    return tally.close(seen, size, size)


def _is_zlib(data: bytes) -> bool:
    return (
        len(data) > 2
        and data[0] & 0x0F == 8
        and data[0] >> 4 < 8
        and not ((data[0] << 8 | data[1]) % 31)
    )


def _unpack(data: bytes, limit: int, tally: Tally) -> bytes:
    """Decompress at most ``limit`` bytes; more, or a broken stream, is a fault."""
    stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        plain = stream.decompress(data, limit + 1)
    except zlib.error:
        tally.fault("compression", "a stream that does not decompress")
        return b""
    if len(plain) > limit:
        tally.fault("bytes", f"more than {limit:,} bytes after decompression")
        return b""
    if stream.unused_data or not stream.eof:
        tally.fault("compression", "a stream that is cut or followed by other bytes")
    return plain


def admit(data: str | bytes, limits: Limits = DEFAULT, kind: Kind | None = None) -> Estimate:
    """Return the estimate of a circuit that ``limits`` allow.

    Raises
    ------
    AdmissionError
        It is refused; names the rule, what came and the limit.
    """
    if len(data) > limits.bytes:
        raise AdmissionError("bytes", f"{len(data):,} bytes", f"at most {limits.bytes:,}")
    found = estimate(data, kind, unpacked=limits.bytes, tokens=limits.tokens)
    for fault in found.faults:
        raise AdmissionError(fault.rule, fault.came, "none")
    _within(found, limits)
    return found


def _within(found: Estimate, limits: Limits) -> None:
    for rule, came in (
        ("bytes", max(found.bytes, found.unpacked)),
        ("tokens", found.tokens),
        ("qubits", found.qubits),
        ("bits", found.bits),
        ("gates", found.gates),
        ("rounds", found.rounds),
        ("parameters", found.parameters),
        ("depth", found.depth),
        ("programs", found.programs),
        ("magnitude", found.magnitude),
        ("growth", found.growth),
    ):
        most = getattr(limits, rule)
        if came > most or math.isnan(came):
            raise AdmissionError(rule, f"{came:,.6g}" if came > 1e9 else f"{came:,}", f"{most:,}")
    most_nested = limits.circuits if found.kind == "qpy" else limits.nesting
    if found.nesting > most_nested:
        raise AdmissionError("nesting", f"{found.nesting:,} levels", f"at most {most_nested:,}")
    grown = limits.free_gates + limits.gates_per_byte * found.unpacked
    if found.gates > grown:
        came_text = f"{found.gates:,} operations from {found.unpacked:,} bytes"
        raise AdmissionError("gates_per_byte", came_text, f"{grown:,.0f} for this size")
    for name in found.includes:
        if name not in limits.includes:
            allowed = ", ".join(limits.includes) or "none"
            raise AdmissionError("includes", f"an include of {name[:80]!r}", allowed)
    oldest, newest = limits.qpy_versions
    if found.kind == "qpy" and not oldest <= found.version <= newest:
        came_text = f"QPY version {found.version}"
        raise AdmissionError("qpy_versions", came_text, f"{oldest} to {newest}")
