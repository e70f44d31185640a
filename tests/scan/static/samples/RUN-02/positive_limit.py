"""Sessions that stay open."""

from qiskit_ibm_runtime import Batch, EstimatorV2, QiskitRuntimeService, SamplerV2, Session

service = QiskitRuntimeService()
backend = service.backend("ibm_torino")


def in_session(circuit):
    with Session(backend=backend) as session:  # finds: RUN-02
        return SamplerV2(mode=session).run([circuit]).result()


def in_batch(circuits):
    with Batch(backend=backend) as batch:  # finds: RUN-02
        return [SamplerV2(mode=batch).run([item]) for item in circuits]


def alone(circuit):
    sampler = SamplerV2(mode=backend)  # finds: RUN-02
    return sampler.run([circuit]).result()


def estimated(pub):
    estimator = EstimatorV2(mode=backend)  # finds: RUN-02
    return estimator.run([pub]).result()
