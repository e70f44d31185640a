"""Measurements that mean what they say."""

from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister


def plain():
    circuit = QuantumCircuit(2)
    circuit.h(0)
    circuit.measure_all()  # ok
    return circuit


def own_bits():
    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    circuit.measure_all(add_bits=False)  # ok
    return circuit


def own_bits_measured():
    circuit = QuantumCircuit(2, 2)
    circuit.measure([0, 1], [0, 1])  # ok
    return circuit


def reset_between():
    circuit = QuantumCircuit(1, 2)
    circuit.measure(0, 0)
    circuit.reset(0)
    circuit.h(0)  # ok
    circuit.measure(0, 1)  # ok
    return circuit


def mid_circuit():
    circuit = QuantumCircuit(1, 2)
    circuit.measure(0, 0)
    circuit.h(0)  # ok
    circuit.measure(0, 1)  # ok
    return circuit


def teleported():
    circuit = QuantumCircuit(2, 2)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(1)  # ok
    circuit.measure(1, 1)
    return circuit


def hidden(change):
    circuit = QuantumCircuit(2, 2)
    change(circuit)
    circuit.measure_all()  # ok
    return circuit


def registers():
    circuit = QuantumCircuit(QuantumRegister(2), ClassicalRegister(2))
    for qubit in range(2):
        circuit.measure(qubit, qubit)
    circuit.h(0)  # ok
    return circuit
