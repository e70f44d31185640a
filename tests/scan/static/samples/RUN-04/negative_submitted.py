"""Own jobs whose result is checked, or that ran here."""

import cirq
import cirq_google
from qiskit_aer import AerSimulator
from qiskit_ibm_runtime import QiskitRuntimeService, SamplerV2
from qiskit_ibm_runtime.fake_provider import FakeManilaV2


def counts(circuit):
    backend = QiskitRuntimeService().backend("ibm_fez")
    job = SamplerV2(mode=backend).run([circuit], shots=100)
    found = job.result()[0].data.meas.get_counts()  # ok
    if job.status() != "DONE":
        raise RuntimeError(job.job_id())
    return found


def faked(circuit):
    backend = FakeManilaV2()
    return SamplerV2(mode=backend).run([circuit]).result()  # ok


def simulated(circuit):
    return SamplerV2(mode=AerSimulator()).run([circuit]).result()  # ok


def cirq_local(circuit):
    return cirq.Simulator().run(circuit, repetitions=100).histogram(key="z")  # ok


def sampled(circuit, processor):
    sampler = cirq_google.get_engine().get_sampler(processor_id=processor)
    result = sampler.run(circuit, repetitions=100)  # ok
    if result.repetitions != 100:
        raise RuntimeError("repetitions are missing")
    return result.histogram(key="z")
