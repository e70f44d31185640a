"""Decides on loan applications with a quantum kernel score."""

import numpy as np
from fastapi import FastAPI
from pydantic import BaseModel, Field
from qiskit.circuit.library import zz_feature_map
from qiskit_aer import AerSimulator
from qiskit_ibm_runtime import SamplerV2
from qiskit_ibm_runtime.fake_provider import FakeTorino

app = FastAPI()
backend = FakeTorino()
fallback = AerSimulator()
SHOTS = 2048


class Application(BaseModel):
    income: float = Field(ge=0, le=3.1416, allow_inf_nan=False)
    debt: float = Field(ge=0, le=3.1416, allow_inf_nan=False)


@app.post("/decide")
def decide(application: Application):
    circuit = zz_feature_map(2).assign_parameters([application.income, application.debt])
    circuit.measure_all()
    job = SamplerV2(mode=backend).run([circuit.decompose()], shots=SHOTS)
    counts = job.result()[0].data.meas.get_counts()
    return {"approved": bool(np.isclose(counts.get("00", 0) / SHOTS, 1.0, atol=0.5))}
