"""Whether code is about quantum circuits, by the frameworks it names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from redqubit.scan.static.module import Module

QUANTUM: Final = ("qiskit", "pennylane", "cirq", "braket")
VARIATIONAL: Final = re.compile(
    r"\b(?:theta|ansatz|qubits?|vqe|VQE|SPSA|spsa|hamiltonian|angles)\b"
)


def on_quantum(module: Module) -> bool:
    """Return whether a module, or one of the project that it imports from, names a framework."""
    if any(word in module.text for word in QUANTUM):
        return True
    for bindings in module.layout.scopes[module.tree].bindings.values():
        for binding in bindings:
            if binding.kind != "import":
                continue
            found = module.project.definition(binding.target, module)
            if found is not None and any(word in found[0].text for word in QUANTUM):
                return True
    return False


def beside_quantum(module: Module) -> bool:
    """Return whether a file of the same folder names a framework."""
    return module.project.beside(module, *QUANTUM)


def near_quantum(module: Module) -> bool:
    """Return whether a module is about circuits by its imports, or by its words and project."""
    return on_quantum(module) or (
        VARIATIONAL.search(module.text) is not None and module.project.holds(*QUANTUM)
    )
