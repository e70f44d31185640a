"""Pick a machine and keep a record of what was picked."""
import datetime as dt
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from qiskit import transpile
from qiskit_ibm_runtime import QiskitRuntimeService, SamplerOptions, SamplerV2


@dataclass
class RunRecord:
    backend: str
    calibrated: str
    job_id: str
    shots: int


def _record(backend, job, shots: int) -> RunRecord:
    props = backend.properties()
    when = props.last_update_date.isoformat() if props else "unknown"
    return RunRecord(backend.name, when, job.job_id(), shots)


def run_somewhere(circuit, shots: int = 2000, folder: Path = Path("runs")) -> dict:
    service = QiskitRuntimeService()
    backend = service.least_busy(operational=True, simulator=False, min_num_qubits=circuit.num_qubits)
    options = SamplerOptions(max_execution_time=240)
    sampler = SamplerV2(mode=backend, options=options)
    job = sampler.run([transpile(circuit, backend)], shots=shots)
    record = _record(backend, job, shots)
    folder.mkdir(exist_ok=True)
    stamp = dt.datetime.now(dt.timezone.utc).strftime("%Y%m%dT%H%M%S")
    (folder / f"{stamp}.json").write_text(json.dumps(asdict(record), indent=2))
    counts = job.result(timeout=3600)[0].data.meas.get_counts()
    if job.status() != "DONE" or sum(counts.values()) != shots:
        raise RuntimeError(f"job {record.job_id} is incomplete")
    return counts
