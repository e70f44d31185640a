"""Code for a release that is long gone."""

from qiskit import Aer, QuantumCircuit, execute  # finds: DEP-01
from qiskit.algorithms.optimizers import COBYLA  # finds: DEP-01
from qiskit.opflow import Z  # finds: DEP-01


def run():
    circuit = QuantumCircuit(1, 1)
    circuit.measure(0, 0)
    circuit.x(0).c_if(0, 1)  # finds: DEP-01
    circuit.bind_parameters({})  # finds: DEP-01
    return execute(circuit, Aer.get_backend("qasm_simulator")), COBYLA, Z
