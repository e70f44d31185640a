"""Gates first, or transpiled again."""

from qiskit import QuantumCircuit, transpile


def before(backend):
    circuit = QuantumCircuit(2)
    circuit.h(0)
    circuit.cx(0, 1)  # ok
    isa = transpile(circuit, backend)
    isa.measure_all()  # ok
    return isa


def again(circuit, backend):
    circuit = transpile(circuit, backend)
    circuit.h(0)  # ok
    return transpile(circuit, backend)


def optimized(circuit):
    smaller = transpile(circuit, optimization_level=2)
    smaller.h(0)  # ok
    return smaller


def original(circuit, backend):
    isa = transpile(circuit, backend)
    circuit.h(0)  # ok
    return isa, circuit
