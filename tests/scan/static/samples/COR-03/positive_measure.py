"""Measurements that are not what they seem."""

from qiskit import QuantumCircuit


def second_register():
    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure_all()  # finds: COR-03
    return circuit


def twice():
    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    circuit.measure(0, 0)
    circuit.measure(0, 1)  # finds: COR-03
    return circuit


def late_gate():
    circuit = QuantumCircuit(1, 1)
    circuit.measure(0, 0)
    circuit.h(0)  # finds: COR-03
    return circuit


def all_twice():
    circuit = QuantumCircuit(2)
    circuit.h(0)
    circuit.measure_all()
    circuit.measure_all()  # finds: COR-03
    return circuit
