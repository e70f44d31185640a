"""Continue a hybrid job from the checkpoint of the last one."""
import logging
import os

import numpy as np
from braket.circuits import Circuit, FreeParameter
from braket.devices import LocalSimulator
from braket.jobs import load_job_checkpoint, save_job_checkpoint

logger = logging.getLogger(__name__)
N = 3


def ansatz() -> Circuit:
    c = Circuit()
    for i in range(N):
        c.ry(i, FreeParameter(f"t{i}"))
    for i in range(N - 1):
        c.cnot(i, i + 1)
    return c.probability(target=[0])


def evaluate(values: np.ndarray) -> float:
    bound = {f"t{i}": float(v) for i, v in enumerate(values)}
    result = LocalSimulator().run(ansatz(), shots=0, inputs=bound).result()
    return float(result.values[0][1])


def start_values(job_name: str) -> np.ndarray:
    previous = load_job_checkpoint(job_name)
    values = np.asarray(previous["theta"], dtype=float)
    if values.shape != (N,) or not np.isfinite(values).all():
        raise ValueError("checkpoint does not fit the ansatz")
    return values


def main() -> None:
    theta = start_values(os.environ["PREVIOUS_JOB"])
    logger.info("start at p=%.4f", evaluate(theta))
    save_job_checkpoint({"theta": theta.tolist()}, checkpoint_file_suffix="start")


if __name__ == "__main__":
    main()
