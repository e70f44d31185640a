"""Bell pair on hardware."""

from qiskit import QuantumCircuit
from qiskit.transpiler import generate_preset_pass_manager
from qiskit_ibm_runtime import QiskitRuntimeService, SamplerV2


def circuit() -> QuantumCircuit:
    qc = QuantumCircuit(2)
    qc.h(0)
    qc.cx(0, 1)
    qc.measure_all()
    return qc


def main() -> None:
    service = QiskitRuntimeService()
    backend = service.least_busy(min_num_qubits=2)
    pm = generate_preset_pass_manager(optimization_level=1, backend=backend)
    job = SamplerV2(mode=backend).run([pm.run(circuit())], shots=4000)
    counts = job.result()[0].data.meas.get_counts()
    print(counts.get("00", 0) / 4000)


if __name__ == "__main__":
    main()
