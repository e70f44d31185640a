"""Gates after the last step."""

from qiskit import QuantumCircuit, transpile
from qiskit.transpiler import generate_preset_pass_manager


def after(backend):
    circuit = QuantumCircuit(2)
    circuit.h(0)
    isa = transpile(circuit, backend)
    isa.cx(0, 1)  # finds: COR-01
    isa.measure_all()
    return isa


def after_keyword(circuit, device):
    ready = transpile(circuit, backend=device, optimization_level=3)
    ready.h(0)  # finds: COR-01
    return ready


def after_manager(circuit, backend):
    manager = generate_preset_pass_manager(optimization_level=1, backend=backend)
    isa = manager.run(circuit)
    isa.rx(0.1, 0)  # finds: COR-01
    return isa


def after_basis(circuit):
    ready = transpile(circuit, coupling_map=[[0, 1]], basis_gates=["cx", "rz", "sx"])
    ready.swap(0, 1)  # finds: COR-01
    return ready
