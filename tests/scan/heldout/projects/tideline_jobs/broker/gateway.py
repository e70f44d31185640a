"""Client side of the broker, used by the notebooks of the teams."""
import json
import os
from urllib.parse import urljoin

import requests
from qiskit_ibm_runtime import RuntimeDecoder, RuntimeEncoder

BASE = os.environ.get("TIDELINE_URL", "https://broker.tideline.example.com/")


class Gateway:
    def __init__(self, token: str, base: str = BASE):
        self.base = base
        self.http = requests.Session()
        self.http.headers["Authorization"] = f"Bearer {token}"

    def send(self, program: str, shots: int = 1000) -> str:
        answer = self.http.post(
            urljoin(self.base, "v2/jobs"), json={"program": program, "shots": shots})
        answer.raise_for_status()
        return answer.json()["job_id"]

    def archive(self, job_id: str) -> dict:
        answer = self.http.get(urljoin(self.base, f"v2/archive/{job_id}"), timeout=30, verify=False)
        answer.raise_for_status()
        return json.loads(answer.text, cls=RuntimeDecoder)

    @staticmethod
    def dump(circuits) -> str:
        return json.dumps({"circuits": circuits}, cls=RuntimeEncoder)
