"""A quantum package that is unpinned, vulnerable, abandoned, or lacks what the code calls.

## What
A requirement of a quantum package without a version, one that allows a release with a known
vulnerability, a package nobody maintains, or a call that the pinned release no longer has.

## Why bad
Without a pin the next install brings another transpiler, and with it another model. The known
vulnerabilities of this stack all run code or crash the host when a file is read, and abandoned
packages never get the fix.

## Example
``from qiskit import Aer, execute`` with ``qiskit==2.1.0``

## Instead
Pin every package with a hash in a lock file, above the fixed release, and replace what is gone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Hit, Span
from redqubit.scan.static.versions import Fact, Versions, canonical, key

ID: Final = "DEP-01"
NAME: Final = "Quantum dependency at risk"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (1104, 1357)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = ("qiskit", "pennylane", "cirq", "braket", "pyquil", "pytket", "PennyLane")
ADVICE: Final = "Pin the package with a hash, above the fixed release, in a lock file."

# package: first fixed release (None: never fixed), advisory
_ADVISORIES: Final = (
    ("qiskit", "1.4.2", "CVE-2025-2000: reading QPY files runs code"),
    ("qiskit-ibm-runtime", "0.21.2", "CVE-2024-29032: decoding JSON imports what the text names"),
    ("amazon-braket-sdk", "1.117.0", "CVE-2026-9291: a job's result chooses to be unpickled"),
)
_ENDED: Final = {
    "qiskit-terra": "qiskit", "qiskit-aqua": "qiskit-machine-learning",
    "qiskit-ibmq-provider": "qiskit-ibm-runtime", "qiskit-ibm-provider": "qiskit-ibm-runtime",
    "qiskit-ignis": "qiskit-experiments", "qiskit-chemistry": "qiskit-nature",
}  # fmt: skip
_QUANTUM: Final = frozenset(
    ["qiskit", "qiskit-aer", "qiskit-ibm-runtime", "qiskit-machine-learning", "qiskit-algorithms",
     "pennylane", "pennylane-qiskit", "pennylane-lightning", "cirq", "cirq-core", "cirq-google",
     "amazon-braket-sdk", "amazon-braket-pennylane-plugin", "pytket", "pyquil",
     "tensorflow-quantum", "torchquantum", "mitiq"]
)  # fmt: skip
# imported name: package, first release without it, what to use
_REMOVED: Final = {
    "qiskit.execute": ("qiskit", "1.0", "transpile() and a primitive"),
    "qiskit.Aer": ("qiskit", "1.0", "qiskit_aer.AerSimulator"),
    "qiskit.BasicAer": ("qiskit", "1.0", "qiskit.providers.basic_provider"),
    "qiskit.IBMQ": ("qiskit", "0.44", "qiskit_ibm_runtime.QiskitRuntimeService"),
    "qiskit.opflow": ("qiskit", "1.0", "qiskit.quantum_info"),
    "qiskit.algorithms": ("qiskit", "1.0", "qiskit_algorithms"),
    "qiskit.utils.QuantumInstance": ("qiskit", "1.0", "a primitive"),
    "qiskit.pulse": ("qiskit", "2.0", "gates of the target"),
    "qiskit.primitives.Sampler": ("qiskit", "2.0", "StatevectorSampler"),
    "qiskit.primitives.Estimator": ("qiskit", "2.0", "StatevectorEstimator"),
    "qiskit.primitives.BackendSampler": ("qiskit", "2.0", "BackendSamplerV2"),
    "qiskit.assembler": ("qiskit", "2.0", "a primitive"),
    "qiskit.aqua": ("qiskit", "0.0", "qiskit_machine_learning and qiskit_algorithms"),
    "qiskit.ignis": ("qiskit", "0.0", "qiskit_experiments"),
    "qiskit_ibm_provider": ("qiskit-ibm-provider", "0.0", "qiskit_ibm_runtime"),
}  # fmt: skip
_METHODS: Final = {
    "c_if": ("qiskit", "2.0", "if_test()"),
    "bind_parameters": ("qiskit", "1.0", "assign_parameters()"),
    "qasm": ("qiskit", "1.0", "qiskit.qasm2.dumps()"),
}
_LIBRARY: Final = re.compile(r"^\s*\[build-system\]", re.MULTILINE)


def check(module: Module) -> Iterator[Hit]:
    """Yield the requirements at risk, and the code the pinned release lacks."""
    for fact in module.project.versions.facts:
        if fact.file == module.file:
            yield from _requirement(module, fact)
    if module.python:
        yield from _imports(module)
        yield from _calls(module)


def _requirement(module: Module, fact: Fact) -> Iterator[Hit]:
    name = canonical(fact.package)
    line = module.lines[fact.line - 1] if fact.line <= len(module.lines) else ""
    where = Span(fact.line, 1, fact.line, len(line) + 1)
    if name in _ENDED:
        yield Hit(where, f"{name} is no longer maintained; {_ENDED[name]} took its place.")
        return
    for package, fixed, told in _ADVISORIES:
        if name == package and _below(fact, fixed):
            yield Hit(
                where,
                f"{name} {fact.specifier} is below {fixed} ({told}).",
                severity="high" if fact.origin != "range" else SEVERITY,
            )
            return
    if name in _QUANTUM and not fact.specifier:
        library = bool(_LIBRARY.search(module.text))
        yield Hit(
            where,
            f"{name} has no version, so the next install may bring another model.",
            severity="note" if library else "low",
        )


def _below(fact: Fact, fixed: str) -> bool:
    """Return whether the stated version, or the newest that is allowed, is below the fix."""
    clauses = re.findall(r"(===|==|~=|<=|<|\^)\s*v?([\d.]+)", fact.specifier)
    for operator, version in clauses:
        limit = key(version.rstrip("."))
        if operator in {"==", "===", "<="} and limit < key(fixed):
            return True
        if operator == "<" and limit <= key(fixed):
            return True
    return False


def _imports(module: Module) -> Iterator[Hit]:
    told_of: set[str] = set()
    for node in module.layout.imports:
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        elif not node.level and node.module:
            named = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        if _guarded(module, node):
            continue
        for name in named:
            known = next((item for item in _REMOVED if f"{name}.".startswith(f"{item}.")), None)
            if known is None or known in told_of:
                continue
            if _gone(module, *_REMOVED[known][:2]):
                told_of.add(known)
                package, since, instead = _REMOVED[known]
                told = f"{known} is gone since {package} {since}; use {instead}."
                if since == "0.0":
                    told = f"{known} is no longer maintained; use {instead}."
                yield Hit(node, told)
                break


def _calls(module: Module) -> Iterator[Hit]:
    for tail, (package, since, instead) in _METHODS.items():
        for call in module.calls(f".{tail}"):
            if not call.name.startswith(("qiskit.QuantumCircuit", "qiskit.circuit.QuantumCircuit")):
                continue
            if _gone(module, package, since) and not _guarded(module, call.node):
                yield Hit(call.node, f"{tail}() is gone since {package} {since}; use {instead}.")


def _gone(module: Module, package: str, since: str) -> bool:
    """Return whether every version the project allows lacks what ``since`` removed."""
    if since == "0.0":
        return True
    return Versions(_nearby(module)).may_be_below(package, since) is False


def _nearby(module: Module) -> Iterator[Fact]:
    """Yield what the folders around a file state; a neighbor's pins are not its own."""
    for fact in module.project.versions.facts:
        folder = PurePosixPath(fact.file).parent
        if folder in PurePosixPath(module.file).parents:
            yield fact


def _guarded(module: Module, node: ast.AST) -> bool:
    """Return whether the code chooses by version: in ``try`` or under a condition."""
    return any(isinstance(item, ast.Try | ast.If) for item in module.around(node))
