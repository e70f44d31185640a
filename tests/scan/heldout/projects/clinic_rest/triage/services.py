"""Functions behind the triage views."""
import numpy as np
from qiskit import QuantumCircuit, transpile
from qiskit_aer import AerSimulator
from qiskit_ibm_runtime import QiskitRuntimeService, SamplerV2
from qiskit_ibm_runtime.fake_provider import FakeManilaV2
from qiskit_machine_learning.algorithms import QSVC
from rest_framework.decorators import api_view
from rest_framework.response import Response
from scipy.optimize import minimize

SHOTS = 2048
ANGLES = (0.4, 1.1, 0.7, 2.0)


def circuit_for(vitals) -> QuantumCircuit:
    x = np.asarray(vitals, dtype=float)
    if x.shape != (4,) or not np.isfinite(x).all() or np.abs(x).max() > np.pi:
        raise ValueError("four vitals within [-pi, pi]")
    qc = QuantumCircuit(4)
    for i, (v, w) in enumerate(zip(x, ANGLES, strict=True)):
        qc.ry(float(v), i)
        qc.rz(w, i)
    for i in range(3):
        qc.cx(i, i + 1)
    qc.measure_all()
    return qc


def predict_risk(vitals) -> float:
    backend = FakeManilaV2()
    counts = backend.run(transpile(circuit_for(vitals), backend), shots=SHOTS).result().get_counts()
    return counts.get("1111", 0) / SHOTS


def accept_patient(vitals) -> bool:
    """Admission decision of the night shift."""
    sim = AerSimulator()
    counts = sim.run(transpile(circuit_for(vitals), sim), shots=SHOTS).result().get_counts()
    risk = sum(n for bits, n in counts.items() if bits.count("1") >= 2) / SHOTS
    return risk > 0.35


def queue_for_hardware(vitals) -> str:
    service = QiskitRuntimeService(channel="ibm_cloud", url="http://quantum-proxy.clinic.example.org")
    backend = service.least_busy(operational=True, simulator=False)
    sampler = SamplerV2(backend, options={"max_execution_time": 180})
    return sampler.run([transpile(circuit_for(vitals), backend)], shots=SHOTS).job_id()


@api_view(["POST"])
def recalibrate(request):
    goal = np.array(ANGLES)
    options = {"maxiter": int(request.data["iterations"]), "rhobeg": float(request.data["step"])}
    found = minimize(lambda w: float(((w - goal) ** 2).sum()), np.zeros(4), method="COBYLA", options=options)
    return Response({"angles": found.x.tolist()})


def model_for(request):
    """Ward models live in the ward's own share."""
    return QSVC.load(request.query_params["model"])
