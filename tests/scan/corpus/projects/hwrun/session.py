"""Iterative energy estimation in a session."""

import numpy as np
from qiskit.circuit.library import n_local
from qiskit.quantum_info import SparsePauliOp
from qiskit.transpiler import generate_preset_pass_manager
from qiskit_ibm_runtime import EstimatorV2 as Estimator
from qiskit_ibm_runtime import QiskitRuntimeService, Session

H = SparsePauliOp.from_list([("ZZ", 1.0), ("XI", 0.3), ("IX", 0.3)])


def estimate(points: int = 5) -> list[float]:
    service = QiskitRuntimeService()
    backend = service.backend("ibm_fez")
    ansatz = n_local(2, "ry", "cx", reps=1)
    isa = generate_preset_pass_manager(optimization_level=2, backend=backend).run(ansatz)
    values = []
    with Session(backend=backend) as session:
        estimator = Estimator(mode=session)
        for angle in np.linspace(0, np.pi, points):
            pub = (isa, H.apply_layout(isa.layout), [angle] * isa.num_parameters)
            job = estimator.run([pub])
            values.append(float(job.result()[0].data.evs))
    return values


def estimate_bounded(points: int = 5) -> list[float]:
    service = QiskitRuntimeService()
    backend = service.backend("ibm_fez")
    isa = generate_preset_pass_manager(optimization_level=2, backend=backend).run(n_local(2, "ry", "cx", reps=1))
    values = []
    with Session(backend=backend, max_time="25m") as session:
        estimator = Estimator(mode=session)
        for angle in np.linspace(0, np.pi, points):
            job = estimator.run([(isa, H.apply_layout(isa.layout), [angle] * isa.num_parameters)])
            result = job.result(timeout=600)
            if job.status() != "DONE":
                raise RuntimeError(job.job_id())
            values.append(float(result[0].data.evs))
    return values
