import os
import time

import requests

API = "http://relay.nordlicht.example.com/ionq/v0.3"
SHOTS = 256


class IonQ:
    """Talks to IonQ through the client's relay."""

    def __init__(self) -> None:
        self._headers = {"Authorization": "apiKey " + os.environ["IONQ_API_KEY"]}

    def create(self, circuit: list[dict], qubits: int) -> str:
        body = {
            "target": "qpu.aria-1",
            "shots": SHOTS,
            "input": {"format": "ionq.circuit.v0", "qubits": qubits, "circuit": circuit},
        }
        r = requests.post(f"{API}/jobs", json=body, headers=self._headers)
        r.raise_for_status()
        return r.json()["id"]

    def wait(self, job_id: str, limit: float = 900.0) -> dict:
        until = time.monotonic() + limit
        while time.monotonic() < until:
            r = requests.get(f"{API}/jobs/{job_id}", headers=self._headers, timeout=20)
            r.raise_for_status()
            job = r.json()
            if job["status"] == "completed" and job.get("shots") == SHOTS:
                return job
            if job["status"] in {"failed", "canceled"}:
                raise RuntimeError(job["status"])
            time.sleep(10)
        raise TimeoutError(job_id)


def weekly() -> None:
    client = IonQ()
    ghz = [{"gate": "h", "target": 0}, {"gate": "cnot", "control": 0, "target": 1}]
    job = client.wait(client.create(ghz, 2))
    print(job["id"], job["status"], job.get("execution_time"))
