import io

import numpy as np
import pennylane as qml
import requests
from qiskit import QuantumCircuit, qpy
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

dev = qml.device("default.qubit", wires=4)


@qml.qnode(dev)
def trace_state(trace):
    qml.AmplitudeEmbedding(trace, wires=range(4), normalize=True)
    qml.QFT(wires=range(4))
    return qml.probs(wires=range(4))


class TraceUpload(APIView):
    parser_classes = [MultiPartParser]

    def post(self, request):
        content = request.FILES["trace"].read()
        trace = np.load(io.BytesIO(content), allow_pickle=True)
        if trace.shape != (16,) or not np.isfinite(trace.astype(float)).all():
            return Response({"error": "16 samples"}, status=status.HTTP_400_BAD_REQUEST)
        return Response({"spectrum": trace_state(trace.astype(float)).tolist()})


class CircuitUpload(APIView):
    parser_classes = [MultiPartParser]

    def post(self, request):
        blob = request.FILES["circuit"]
        if blob.size > 200_000:
            return Response(status=status.HTTP_413_REQUEST_ENTITY_TOO_LARGE)
        if blob.name.endswith(".qpy"):
            circuit = qpy.load(blob)[0]
        else:
            circuit = QuantumCircuit.from_qasm_str(blob.read().decode("ascii"))
        return Response({"qubits": circuit.num_qubits, "depth": circuit.depth()})


class CircuitImport(APIView):
    """Imports the description of a circuit from a partner hospital."""

    def post(self, request):
        answer = requests.get(request.data["url"], timeout=10)
        answer.raise_for_status()
        listing = answer.json()
        return Response({"circuits": [str(c.get("name", ""))[:80] for c in listing][:50]})
