"""Results of own jobs are believed."""

import cirq_google
from braket.aws import AwsDevice
from qiskit_ibm_runtime import EstimatorV2, QiskitRuntimeService, SamplerV2, Session


def counts(circuit):
    backend = QiskitRuntimeService().backend("ibm_fez")
    job = SamplerV2(mode=backend).run([circuit], shots=100)
    return job.result()[0].data.meas.get_counts()  # finds: RUN-04 low


def energy(pub, backend):
    with Session(backend=backend) as session:
        estimator = EstimatorV2(mode=session)
        return estimator.run([pub]).result()[0].data.evs  # finds: RUN-04 low


def task(circuit, arn):
    return AwsDevice(arn).run(circuit, shots=100).result().measurement_counts  # finds: RUN-04 low


def sampled(circuit, processor):
    sampler = cirq_google.get_engine().get_sampler(processor_id=processor)
    result = sampler.run(circuit, repetitions=100)  # finds: RUN-04 low
    return result.histogram(key="z")
