import numpy as np
from qiskit import QuantumCircuit
from qiskit_ibm_runtime import EstimatorV2


def descend(backend, circuit: QuantumCircuit, observable, theta, steps):
    for _ in range(steps):
        job = EstimatorV2(backend).run([(circuit, observable, theta)])
        gradient = np.asarray(job.result()[0].data.evs)
        theta = theta - 0.1 * gradient
    return circuit.assign_parameters(theta)
