"""Bell pair on one of our contracted backends, with the answer checked."""

import json
import logging
from datetime import UTC, datetime

from qiskit.transpiler import generate_preset_pass_manager
from qiskit_ibm_runtime import QiskitRuntimeService, SamplerV2

from bell import circuit

log = logging.getLogger(__name__)
CONTRACTED = ("ibm_torino", "ibm_fez")
SHOTS = 4000


def choose(service: QiskitRuntimeService):
    backends = [service.backend(name) for name in CONTRACTED]
    backend = min(backends, key=lambda b: b.status().pending_jobs)
    stamp = backend.properties().last_update_date
    log.info("backend %s, calibrated %s", backend.name, stamp)
    return backend


def main() -> None:
    service = QiskitRuntimeService()
    backend = choose(service)
    isa = generate_preset_pass_manager(optimization_level=1, backend=backend).run(circuit())
    sampler = SamplerV2(mode=backend, options={"max_execution_time": 60})
    job = sampler.run([isa], shots=SHOTS)
    result = job.result(timeout=1800)
    if job.status() != "DONE":
        raise RuntimeError(f"job ended as {job.status()}")
    counts = result[0].data.meas.get_counts()
    if sum(counts.values()) != SHOTS:
        raise RuntimeError("shots are missing")
    print(json.dumps({"time": datetime.now(UTC).isoformat(), "counts": counts}))


if __name__ == "__main__":
    main()
