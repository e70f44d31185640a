"""Long VQC run with an operator channel for the lab."""
import json
import logging
from pathlib import Path

import numpy as np
from qiskit.circuit.library import RealAmplitudes
from qiskit.primitives import StatevectorEstimator
from qiskit.quantum_info import SparsePauliOp

log = logging.getLogger("vela.steer")
ANSATZ = RealAmplitudes(3, reps=2)
HAMILTONIAN = SparsePauliOp.from_list([("ZZI", 1.0), ("IZZ", 1.0), ("XII", 0.4), ("IIX", 0.4)])
OVERRIDE = Path("/scratch/vela/override.json")


def energy(theta: np.ndarray) -> float:
    job = StatevectorEstimator().run([(ANSATZ, HAMILTONIAN, theta)])
    return float(job.result()[0].data.evs)


class SPSA:
    def __init__(self, seed: int, rate: float = 0.1):
        self.rng = np.random.default_rng(seed)
        self.rate = rate
        self.theta = self.rng.uniform(-0.1, 0.1, ANSATZ.num_parameters)
        self.callbacks = []

    def _gradient(self, c: float = 0.05) -> np.ndarray:
        delta = self.rng.choice([-1.0, 1.0], self.theta.size)
        diff = energy(self.theta + c * delta) - energy(self.theta - c * delta)
        return diff / (2 * c) * delta

    def run(self, steps: int = 400) -> np.ndarray:
        for step in range(steps):
            if OVERRIDE.exists():
                self.theta = np.array(json.loads(OVERRIDE.read_text())["theta"])
            gradient = self._gradient()
            if not np.isfinite(gradient).all():
                raise FloatingPointError(f"step {step}")
            self.theta = self.theta - self.rate * gradient
            for callback in self.callbacks:
                callback(step, self)
        return self.theta.copy()


def restart_from_best(step: int, run: SPSA) -> None:
    """Callback: jumps back to the operator's favourite point every 50 steps."""
    if step and step % 50 == 0:
        run.theta[:] = np.loadtxt("favourite.txt")


def report(step: int, run: SPSA) -> None:
    log.info("step %d norm %.3f", step, np.linalg.norm(run.theta))


if __name__ == "__main__":
    spsa = SPSA(seed=17)
    spsa.callbacks += [report, restart_from_best]
    print(energy(spsa.run()))
