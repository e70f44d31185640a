"""Parsers under test; each is imported in its own worker process and never here."""

from __future__ import annotations

import importlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any, Final, Literal

from redqubit.core.errors import unknown

Kind = Literal["qasm2", "qasm3", "qpy", "json"]
Parse = Callable[[bytes], object]


@dataclass(frozen=True)
class Target:
    """A parser.

    Parameters
    ----------
    name
        Short name in findings and on the command line.
    kind
        What it reads.
    package
        Distribution whose version is reported.
    modules
        Modules it needs.
    load
        Imports the parser and returns a function of the payload; runs in the worker.
    typed
        Names of the exceptions it documents for bad input.
    warm
        A harmless input that the worker's nursery parses once, so that tables a parser builds at
        its first use are not built again for every input.
    votes
        Whether its accept or reject counts when parsers are compared; a policy does not.
    """

    name: str
    kind: Kind
    package: str
    modules: tuple[str, ...]
    load: Callable[[], Parse]
    typed: tuple[str, ...]
    votes: bool = True
    warm: bytes = b""

    @property
    def missing(self) -> str:
        """Return the module that is not installed, or an empty string."""
        for module in self.modules:
            try:
                if find_spec(module) is None:
                    return module
            except ModuleNotFoundError:
                return module
        return ""

    @property
    def version(self) -> str:
        """Return the installed version, or an empty string."""
        try:
            return version(self.package)
        except PackageNotFoundError:
            return ""


def _text(module: str, function: str, **options: Any) -> Callable[[], Parse]:
    def load() -> Parse:
        parse = getattr(importlib.import_module(module), function)
        return lambda payload: parse(payload.decode("utf-8"), **options)

    return load


def _qpy() -> Parse:
    load = importlib.import_module("qiskit.qpy").load
    return lambda payload: load(io.BytesIO(payload))


def _pyqasm() -> Parse:
    loads = importlib.import_module("pyqasm").loads

    def parse(payload: bytes) -> object:
        module = loads(payload.decode("utf-8"))
        module.unroll()
        return module

    return parse


def _runtime() -> Parse:
    decoder = importlib.import_module("qiskit_ibm_runtime").RuntimeDecoder
    loads = importlib.import_module("json").loads
    return lambda payload: loads(payload.decode("utf-8"), cls=decoder)


def _pennylane() -> Parse:
    from_qasm3 = importlib.import_module("pennylane").from_qasm3
    include = 'include "stdgates.inc";'  # its gates are built in; the statement is not understood
    return lambda payload: from_qasm3(payload.decode("utf-8").replace(include, ""))()


def _admission(kind: Kind) -> Callable[[], Parse]:
    def load() -> Parse:
        admit = importlib.import_module("redqubit.core.admission").admit
        return lambda payload: admit(payload, kind=kind)

    return load


def _document() -> Parse:
    parse = importlib.import_module("redqubit.killchain.document").parse
    return lambda payload: parse(payload.decode("utf-8"), "payload", "json")


WARM: Final = {
    "qasm2": b'OPENQASM 2.0; include "qelib1.inc"; gate g(a) b { rx(-a/2) b; } qreg q[2];'
    b" creg c[2]; g(pi) q; cx q[0],q[1]; if (c==1) x q[0]; measure q -> c;",
    "qasm3": b'OPENQASM 3.0; include "stdgates.inc"; gate g(a) b { rx(-a/2) b; } qubit[2] q;'
    b" bit[2] c; for int i in [0:1] { g(pi) q[0]; } if (c[0]) { x q[0]; } c = measure q;",
}
_DECODE: Final = "UnicodeDecodeError"
_QISKIT: Final = (_DECODE, "QiskitError")
_PYQASM: Final = (_DECODE, "PyQasmError", "QASM3ParsingError")
_OWN: Final = ("InputError",)
ALL: Final[tuple[Target, ...]] = (
    Target(
        *("qiskit.qasm2", "qasm2", "qiskit", ("qiskit",)),
        *(_text("qiskit.qasm2", "loads", include_path=()), _QISKIT),
    ),
    Target(
        *("cirq.qasm2", "qasm2", "cirq-core", ("cirq",)),
        *(_text("cirq.contrib.qasm_import", "circuit_from_qasm"), (_DECODE, "QasmException")),
    ),
    Target(
        *("pyqasm.qasm2", "qasm2", "pyqasm", ("pyqasm",)),
        *(_pyqasm, _PYQASM),
    ),
    Target("redqubit.qasm2", "qasm2", "redqubit", (), _admission("qasm2"), _OWN, votes=False),
    Target(
        *("qiskit.qasm3", "qasm3", "qiskit", ("qiskit", "qiskit_qasm3_import")),
        *(_text("qiskit.qasm3", "loads"), (*_QISKIT, "ConversionError", "QASM3ParsingError")),
    ),
    Target(
        *("openqasm3.parse", "qasm3", "openqasm3", ("openqasm3", "antlr4")),
        *(_text("openqasm3", "parse"), (_DECODE, "QASM3ParsingError")),
    ),
    Target(
        *("pyqasm.qasm3", "qasm3", "pyqasm", ("pyqasm",)),
        *(_pyqasm, _PYQASM),
    ),
    Target(
        *("pennylane.qasm3", "qasm3", "pennylane", ("pennylane", "openqasm3", "antlr4")),
        *(_pennylane, (_DECODE, "QASM3ParsingError", "NotImplementedError", "ValueError")),
    ),
    Target("redqubit.qasm3", "qasm3", "redqubit", (), _admission("qasm3"), _OWN, votes=False),
    Target("qiskit.qpy", "qpy", "qiskit", ("qiskit",), _qpy, _QISKIT),
    Target("redqubit.qpy", "qpy", "redqubit", (), _admission("qpy"), _OWN, votes=False),
    Target(
        *("ibm.runtime", "json", "qiskit-ibm-runtime", ("qiskit_ibm_runtime",)),
        *(_runtime, (_DECODE, "JSONDecodeError")),
    ),
    Target("redqubit.json", "json", "redqubit", (), _document, (*_OWN, _DECODE), votes=False),
)


def _warmed(target: Target) -> Target:
    return replace(target, warm=WARM.get(target.kind, b""))


def choose(names: Sequence[str] = ()) -> tuple[Target, ...]:
    """Return the targets called ``names``, or every installed one.

    Raises
    ------
    InputError
        A name is unknown; the message shows the near miss.
    """
    by_name = {target.name: _warmed(target) for target in ALL}
    for name in names:
        if name not in by_name:
            raise unknown("fuzz target", name, by_name)
    if names:
        return tuple(by_name[name] for name in names)
    return tuple(target for target in by_name.values() if not target.missing)
