"""Valid payloads to start from, made without any parser or quantum library."""

from __future__ import annotations

import json
import random
import struct
import zlib
from base64 import b64encode

from redqubit.scan.fuzz.payload.grammar import program
from redqubit.scan.fuzz.payload.targets import Kind


def seed_payload(kind: Kind, rng: random.Random) -> bytes:
    """Return a random valid payload of ``kind``."""
    if kind == "qasm2":
        return program(rng, 2).encode()
    if kind == "qasm3":
        return program(rng, 3, modifiers=rng.random() < 0.5).encode()
    if kind == "qpy":
        return qpy_file(rng)
    return job(rng)


def job(rng: random.Random) -> bytes:
    """Return a job as services take it: a program, parameters, shots and options."""
    text: object = program(rng, 3) if rng.random() < 0.7 else program(rng, 2)
    if rng.random() < 0.3:
        packed = b64encode(zlib.compress(qpy_file(rng))).decode()
        text = {"__type__": "QuantumCircuit", "__value__": packed}
    body = {
        "program_id": rng.choice(("sampler", "estimator")),
        "backend": "simulator",
        "params": {
            "version": 2,
            "pubs": [[text, [rng.uniform(-4, 4) for _ in range(3)], rng.choice((1, 1024))]],
            "options": {"seed": rng.randrange(2**31), "dynamical_decoupling": {"enable": True}},
        },
        "tags": ["a", "b"][: rng.randrange(3)],
        "cost": rng.randrange(1000),
    }
    return json.dumps(body).encode()


def qpy_file(rng: random.Random) -> bytes:
    """Return a QPY file of version 13 to 18 with one small circuit."""
    version = rng.randint(13, 18)
    head = struct.pack("!6sBBBBQc", b"QISKIT", version, 1, 0, 0, 1, b"p") + b"q"
    table = struct.pack("!Q", len(head) + 8) if version >= 16 else b""
    return head + table + _circuit(rng, version, 2)


def _circuit(rng: random.Random, version: int, depth: int) -> bytes:
    qubits, bits = rng.randint(1, 4), rng.randint(0, 2)
    registers = _register(b"q", qubits, version) + (_register(b"c", bits, version) if bits else b"")
    definitions, own = _definitions(rng, version, depth)
    parts = [_instruction(rng, qubits, own) for _ in range(rng.randint(0, 6))]
    name, metadata = b"circuit", b'{"a": 1}' if rng.random() < 0.5 else b"{}"
    header = struct.pack(
        *("!H1cHIIQIQI", len(name), b"f", 8, qubits, bits, len(metadata)),
        *(2 if bits else 1, len(parts), 0),
    )
    body = header + name + struct.pack("!d", 0.25) + metadata + registers
    if version >= 15:
        body += struct.pack("!I", 0)
    if version >= 18:
        body += struct.pack("!H", 0)
    body += definitions + b"".join(parts)
    if version < 18:
        body += struct.pack("!H", 0)
    return body + struct.pack("!?iiiIi", False, -1, -1, -1, 0, 0)


def _register(key: bytes, size: int, version: int) -> bytes:
    if version >= 18:
        head = struct.pack("!1c?IH?B", key, True, size, 1, True, 1)
        return head + key + struct.pack("!I", 0)
    return (
        struct.pack("!1c?IH?", key, True, size, 1, True)
        + key
        + struct.pack(f"!{size}q", *range(size))
    )


def _definitions(rng: random.Random, version: int, depth: int) -> tuple[bytes, dict[bytes, int]]:
    """Return a table of at most two gates and how many qubits each takes."""
    if not depth or rng.random() < 0.5:
        return struct.pack("!Q", 0), {}
    parts, own = [], {}
    for index in range(rng.randint(1, 2)):
        name = b"own_%032d" % index
        body = _circuit(rng, version, depth - 1)
        (qubits, bits) = struct.unpack_from("!II", body, 5)
        if bits:
            continue
        own[name] = qubits
        parts.append(
            struct.pack("!H1cII?QIIQ", len(name), b"g", qubits, 0, True, len(body), 0, 0, 0)
            + name
            + body
        )
    return struct.pack("!Q", len(parts)) + b"".join(parts), own


def _instruction(rng: random.Random, qubits: int, own: dict[bytes, int]) -> bytes:
    fitting = sorted(name for name, width in own.items() if width <= qubits)
    angles = 0
    if fitting and rng.random() < 0.5:
        name = rng.choice(fitting)
        width = own[name]
    elif qubits > 1 and rng.random() < 0.4:
        name, width = b"CXGate", 2
    elif rng.random() < 0.5:
        name, width, angles = b"RXGate", 1, 1
    else:
        name, width = b"HGate", 1
    label = b"label" if rng.random() < 0.1 else b""
    controls = (1, 1) if name == b"CXGate" else (0, 0)
    head = struct.pack("!HHHIIBHqII", len(name), len(label), angles, width, 0, 0, 0, 0, *controls)
    operands = b"".join(struct.pack("!1cI", b"q", at) for at in rng.sample(range(qubits), width))
    angle = struct.pack("!1cQd", b"f", 8, rng.uniform(-4, 4)) if angles else b""
    return head + name + label + operands + angle
