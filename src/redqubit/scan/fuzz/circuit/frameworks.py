"""Circuits under test in the types of Qiskit, Cirq and PennyLane, and back to matrices.

Cirq and PennyLane put their first qubit in front, Qiskit puts it last: the qubits are reversed
here, so that every state vector has qubit 0 as its least significant bit.
"""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np
import numpy.typing as npt

from redqubit.core.errors import missing_extra
from redqubit.scan.fuzz.circuit import dense
from redqubit.scan.fuzz.circuit.dense import Step
from redqubit.scan.fuzz.circuit.subject import SHAPES, Gate, Subject
from redqubit.scan.fuzz.circuit.verdict import Undecidable


def available(module: str) -> bool:
    """Say whether a package can be imported."""
    return importlib.util.find_spec(module) is not None


def need_qiskit() -> None:
    """Raise the error that names the extra when Qiskit is missing."""
    if not available("qiskit"):
        raise missing_extra("qiskit", "fuzz", "circuit fuzzing")


def to_qiskit(subject: Subject) -> Any:
    """Return the circuit as a ``qiskit.QuantumCircuit``."""
    from qiskit.circuit import QuantumCircuit

    circuit = QuantumCircuit(subject.qubits)
    for gate in subject.gates:
        getattr(circuit, gate.name)(*gate.angles, *gate.qubits)
    return circuit


def from_qiskit(circuit: Any, seed: int = 0) -> Subject | None:
    """Return a ``QuantumCircuit`` of gates of the table as plain data; None if it has others."""
    places = {qubit: index for index, qubit in enumerate(circuit.qubits)}
    gates = []
    for item in circuit.data:
        if item.name not in SHAPES or not item.is_standard_gate():
            return None
        targets = tuple(places[qubit] for qubit in item.qubits)
        gates.append(Gate(item.name, targets, tuple(float(angle) for angle in item.params)))
    return Subject(circuit.num_qubits, tuple(gates), seed)


def steps(circuit: Any) -> list[Step]:
    """Return the matrices and qubits of a ``QuantumCircuit``, without its global phase.

    Raises
    ------
    Undecidable
        The circuit measures, resets, branches or has free parameters.
    """
    from qiskit.exceptions import QiskitError
    from qiskit.quantum_info import Operator

    places = {qubit: index for index, qubit in enumerate(circuit.qubits)}
    result = []
    for item in circuit.data:
        name = item.name
        if name in {"barrier", "delay", "id"}:
            continue
        targets = tuple(places[qubit] for qubit in item.qubits)
        try:
            if name in SHAPES and item.is_standard_gate():
                gate = dense.matrix(name, [float(angle) for angle in item.params])
            else:
                gate = np.asarray(Operator(item.operation).data, dtype=np.complex128)
        except (QiskitError, TypeError) as error:
            raise Undecidable(f"{name} has no matrix: {error}") from error
        result.append((gate, targets))
    return result


def cirq_state(subject: Subject) -> npt.NDArray[np.complex128]:
    """Return the state vector Cirq's simulator computes, in complex128."""
    import cirq

    line = cirq.LineQubit.range(subject.qubits)
    fixed: dict[str, Any] = {
        "x": cirq.X,
        "y": cirq.Y,
        "z": cirq.Z,
        "h": cirq.H,
        "s": cirq.S,
        "sdg": cirq.S**-1,
        "t": cirq.T,
        "tdg": cirq.T**-1,
        "sx": cirq.X**0.5,
        "sxdg": cirq.X**-0.5,
        "cx": cirq.CNOT,
        "cy": cirq.ControlledGate(cirq.Y),
        "cz": cirq.CZ,
        "ch": cirq.ControlledGate(cirq.H),
        "swap": cirq.SWAP,
        "ccx": cirq.CCX,
        "cswap": cirq.CSWAP,
    }
    turned: dict[str, Any] = {
        "rx": cirq.rx,
        "ry": cirq.ry,
        "rz": cirq.rz,
        "p": lambda a: cirq.ZPowGate(exponent=a / np.pi),
        "cp": lambda a: cirq.CZPowGate(exponent=a / np.pi),
        "crx": lambda a: cirq.ControlledGate(cirq.rx(a)),
        "cry": lambda a: cirq.ControlledGate(cirq.ry(a)),
        "crz": lambda a: cirq.ControlledGate(cirq.rz(a)),
        "rxx": lambda a: cirq.XXPowGate(exponent=a / np.pi, global_shift=-0.5),
        "ryy": lambda a: cirq.YYPowGate(exponent=a / np.pi, global_shift=-0.5),
        "rzz": lambda a: cirq.ZZPowGate(exponent=a / np.pi, global_shift=-0.5),
    }
    circuit = cirq.Circuit()
    for gate in subject.gates:
        places = [line[qubit] for qubit in gate.qubits]
        if gate.name == "u":
            theta, phi, lam = gate.angles
            circuit.append([cirq.rz(lam)(*places), cirq.ry(theta)(*places), cirq.rz(phi)(*places)])
        else:
            kind = fixed.get(gate.name) or turned[gate.name](*gate.angles)
            circuit.append(kind(*places))
    result = cirq.Simulator(dtype=np.complex128).simulate(circuit, qubit_order=line[::-1])
    return np.asarray(result.final_state_vector, dtype=np.complex128)


def pennylane_state(subject: Subject) -> npt.NDArray[np.complex128]:
    """Return the state vector PennyLane's ``default.qubit`` computes, in complex128."""
    import pennylane as qml

    kinds: dict[str, Any] = {
        "x": qml.PauliX,
        "y": qml.PauliY,
        "z": qml.PauliZ,
        "h": qml.Hadamard,
        "s": qml.S,
        "t": qml.T,
        "sx": qml.SX,
        "rx": qml.RX,
        "ry": qml.RY,
        "rz": qml.RZ,
        "p": qml.PhaseShift,
        "cx": qml.CNOT,
        "cy": qml.CY,
        "cz": qml.CZ,
        "ch": qml.CH,
        "swap": qml.SWAP,
        "cp": qml.ControlledPhaseShift,
        "crx": qml.CRX,
        "cry": qml.CRY,
        "crz": qml.CRZ,
        "rxx": qml.IsingXX,
        "ryy": qml.IsingYY,
        "rzz": qml.IsingZZ,
        "ccx": qml.Toffoli,
        "cswap": qml.CSWAP,
    }
    operations = []
    for gate in subject.gates:
        wires = [subject.qubits - 1 - qubit for qubit in gate.qubits]
        if gate.name == "u":
            operations.append(qml.U3(*gate.angles, wires=wires))
        elif gate.name in {"sdg", "tdg", "sxdg"}:
            operations.append(qml.adjoint(kinds[gate.name[:-2]](wires=wires)))
        else:
            operations.append(kinds[gate.name](*gate.angles, wires=wires))
    script = qml.tape.QuantumScript(operations, [qml.state()])
    device = qml.device("default.qubit", wires=subject.qubits)
    (state,) = qml.execute([script], device)
    return np.asarray(state, dtype=np.complex128)


def qiskit_state(circuit: Any) -> npt.NDArray[np.complex128]:
    """Return the state vector Qiskit's ``Statevector`` computes for a ``QuantumCircuit``."""
    from qiskit.quantum_info import Statevector

    return np.asarray(Statevector(circuit).data, dtype=np.complex128)
