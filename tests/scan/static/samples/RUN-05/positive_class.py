"""A fake that belongs to a class."""

from qiskit_ibm_runtime.fake_provider import FakeManilaV2


class Detector:
    backend = FakeManilaV2()  # finds: RUN-05

    def detect_fraud(self, circuit):
        return self.backend.run(circuit, shots=100).result().get_counts()
