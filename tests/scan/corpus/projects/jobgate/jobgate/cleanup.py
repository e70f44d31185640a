"""Nightly job that collects finished results."""

from qiskit_ibm_runtime import QiskitRuntimeService

from .store import remember

EXPECTED_SHOTS = 4096


def collect(job_ids: list[str]) -> dict[str, dict[str, int]]:
    service = QiskitRuntimeService()
    found = {}
    for name in job_ids:
        job = service.job(name)
        if str(job.status()) != "DONE":
            continue
        if job.job_id() != name:
            raise RuntimeError("the service answered for another job")
        counts = job.result(timeout=60)[0].data.meas.get_counts()
        if sum(counts.values()) != EXPECTED_SHOTS:
            raise RuntimeError(f"{name}: shots are missing from the result")
        found[name] = counts
        remember(name, "archive")
    return found
