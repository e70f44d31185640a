"""Limits that are set."""

from qiskit_ibm_runtime import QiskitRuntimeService, SamplerV2, Session

service = QiskitRuntimeService()


def in_session(circuit):
    backend = service.backend("ibm_torino")
    with Session(backend=backend, max_time="10m") as session:  # ok
        sampler = SamplerV2(mode=session)
        sampler.options.max_execution_time = 300
        return sampler.run([circuit]).result()  # ok
