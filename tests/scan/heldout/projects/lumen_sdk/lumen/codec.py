"""Wire format of jobs and results."""
from __future__ import annotations

import base64
import importlib
import io
import json

from qiskit import QuantumCircuit, qpy
from qiskit_ibm_runtime import RuntimeDecoder

from .transport import Transport

FORMATS = ("qpy", "runtime")


def revive(node):
    """object_hook for the spin-off's own classes."""
    if "__module__" in node and "__class__" in node:
        module = importlib.import_module(node.pop("__module__"))
        cls = getattr(module, node.pop("__class__"))
        return cls(**node)
    return node


class ResultReader:
    def __init__(self, transport: Transport):
        self.transport = transport

    def metadata(self, job_id: str):
        answer = self.transport.call("GET", f"/v1/jobs/{job_id}/meta")
        return json.loads(answer["document"], object_hook=revive)

    def circuits(self, job_id: str) -> list[QuantumCircuit]:
        answer = self.transport.call("GET", f"/v1/jobs/{job_id}/circuits")
        raw = base64.b64decode(answer["qpy"])
        return qpy.load(io.BytesIO(raw))

    def primitive_result(self, job_id: str):
        answer = self.transport.call("GET", f"/v1/jobs/{job_id}/result")
        if answer.get("status") != "completed" or answer.get("format") not in FORMATS:
            raise ValueError(f"job {job_id} has no result")
        return json.loads(answer["payload"], cls=RuntimeDecoder)
