"""Quantum kernel between uploaded samples and the reference set."""

import numpy as np
from fastapi import APIRouter, Request
from qiskit.circuit.library import ZZFeatureMap, zz_feature_map
from qiskit.quantum_info import Statevector
from sklearn.preprocessing import MinMaxScaler

router = APIRouter()
FEATURES = 3
MAP = ZZFeatureMap(FEATURES, reps=2)
REFERENCE = np.array([0.1, 0.4, 1.2])
SCALER = MinMaxScaler((0, np.pi), clip=True).fit(np.array([[0.0, 0.0, 0.0], [5.0, 80.0, 2.5]]))


def fidelity(x) -> float:
    circuit = MAP.assign_parameters(x)
    return float(abs(Statevector(circuit).inner(Statevector(MAP.assign_parameters(REFERENCE)))) ** 2)


@router.post("/kernel")
async def kernel(request: Request):
    body = await request.json()
    x = np.array(body["x"], dtype=float)
    if x.shape != (FEATURES,) or not np.isfinite(x).all():
        return {"error": "three finite values"}
    return {"k": fidelity(x)}


@router.post("/kernel/scaled")
async def kernel_scaled(request: Request):
    body = await request.json()
    row = np.array(body["x"], dtype=float).reshape(1, FEATURES)
    x = SCALER.transform(row)[0]
    bound = zz_feature_map(FEATURES).assign_parameters(x)
    return {"p": Statevector(bound).probabilities().tolist()}
