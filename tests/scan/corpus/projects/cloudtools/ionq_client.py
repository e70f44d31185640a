"""Thin client for the IonQ v0.4 API."""

import os
import time

import requests

BASE = "https://api.ionq.co/v0.4"
DOC_EXAMPLE_KEY = "YOUR_API_KEY_HERE"


class IonQClient:
    def __init__(self, key: str | None = None, timeout: float = 30.0) -> None:
        key = key or os.environ["IONQ_API_KEY"]
        if key == DOC_EXAMPLE_KEY:
            raise ValueError("replace the example key")
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"apiKey {key}"
        self._timeout = timeout

    def submit(self, circuit: list[dict], qubits: int, shots: int = 500) -> str:
        if not 1 <= shots <= 10_000 or not 1 <= qubits <= 29:
            raise ValueError("shots or qubits out of range")
        body = {"target": "simulator", "shots": shots, "input": {"qubits": qubits, "circuit": circuit}}
        reply = self._session.post(f"{BASE}/jobs", json=body, timeout=self._timeout)
        reply.raise_for_status()
        return str(reply.json()["id"])

    def wait(self, job: str, limit: float = 600.0) -> dict:
        end = time.monotonic() + limit
        while time.monotonic() < end:
            state = self._session.get(f"{BASE}/jobs/{job}", timeout=self._timeout).json()
            if state["id"] != job:
                raise RuntimeError("answer for another job")
            if state["status"] == "completed":
                return state
            time.sleep(2)
        raise TimeoutError(job)
