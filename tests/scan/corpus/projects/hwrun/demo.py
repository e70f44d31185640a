"""Demonstration on a fake backend; prints a histogram and decides nothing."""

from qiskit import QuantumCircuit, transpile


def circuit() -> QuantumCircuit:
    qc = QuantumCircuit(3, 3)
    qc.h(0)
    qc.cx(0, 1)
    qc.cx(1, 2)
    qc.measure(range(3), range(3))
    return qc


if __name__ == "__main__":
    from qiskit_ibm_runtime.fake_provider import FakeBrisbane

    backend = FakeBrisbane()
    counts = backend.run(transpile(circuit(), backend), shots=200).result().get_counts()
    for bits, n in sorted(counts.items()):
        print(bits, "#" * (n // 5))
